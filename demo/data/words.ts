/**
 * The word lists that the templates draw from, by slot name. Nouns stand
 * without an article, and `{a noun}` in a template adds the right one.
 */
export const words = {
  product: split(
    'kettle|desk lamp|rain jacket|office chair|wireless mouse|coffee grinder|backpack|electric toothbrush|blender|alarm clock|phone case|air mattress|garden hose|travel mug|bookshelf|keyboard|water bottle|tent|yoga mat|frying pan|vacuum cleaner|pressure cooker|umbrella|e-reader|sleeping bag|toaster',
  ),
  part: split('handle|cover|base|frame|lock|clip|lid|packaging|edge|back'),
  service: split(
    'hotel|bakery|dentist|car workshop|language school|museum|airline|gym|pizzeria|bookshop|campsite|hair salon|bike rental|concert hall|youth hostel|swimming pool',
  ),
  city: split(
    'Lisbon|Oslo|Nairobi|Montreal|Osaka|Lima|Leeds|Hobart|Tallinn|Accra|Bergen|Valencia|Quito|Pune|Ghent|Denver|Cork|Split',
  ),
  show: split('film|concert|play|exhibition|documentary|musical|puppet show|opera|dance show|comedy'),
  story: split('novel|podcast|series|audiobook|board game|comic|video game|cookbook|travel guide'),
  goodWord: split(
    'excellent|wonderful|great|lovely|superb|delightful|impressive|fantastic|charming|brilliant|outstanding|pleasant|amazing|perfect',
  ),
  badWord: split(
    'terrible|awful|disappointing|horrible|useless|dreadful|annoying|unacceptable|miserable|frustrating|poor|bad|boring|ugly',
  ),
  plainWord: split('small|large|grey|blue|standard|wooden|light|second|new|older|portable|narrow|round|folding'),
  degree: split('really|truly|absolutely|simply|surprisingly|quite'),
  person: split(
    'my sister|our neighbour|a colleague|my father|the whole family|my flatmate|our youngest|my grandmother|the team|a friend of mine',
  ),
  staff: split(
    'the driver|the waiter|the receptionist|the support team|the technician|the guide|the cashier|the manager|the courier|the teacher',
  ),
  agent: split(
    'the support team|the technician|the man on the phone|your colleague|the lady at the desk|the night shift|the engineer',
  ),
  when: split(
    'last week|yesterday|on Monday|this morning|in March|two days ago|over the weekend|on Tuesday afternoon|before the holidays|last autumn|on the first day|after lunch',
  ),
  month: split('January|February|March|April|May|June|July|August|September|October|November|December'),
  weekday: split('Monday|Tuesday|Wednesday|Thursday|Friday|Saturday'),
  number: split('two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty'),
  unit: split('days|weeks|months'),
  office: split(
    'city council|port authority|school board|weather service|transport ministry|national library|statistics office|harbour commission|museum trust|regional hospital',
  ),
  project: split(
    'bridge|tram line|library|cycle path|swimming pool|market hall|railway station|water plant|town square|ferry terminal',
  ),
  device: split('laptop|phone|router|printer|tablet|camera|thermostat|smart watch|television|scanner'),
  devicePart: split('screen|battery|power cable|charger|remote control|left speaker|power button|lens cover|fan'),
  account: split('account|subscription|order|invoice|booking|delivery address|password|payment method'),
} satisfies Record<string, string[]>;

/** The name of a word list. */
export type SlotName = keyof typeof words;

function split(list: string): string[] {
  return list.split('|');
}
