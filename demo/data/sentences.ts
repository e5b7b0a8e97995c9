import { pick, seededRandom, type Random } from './random.js';
import { closings, shares, templates, type SentenceKind } from './templates.js';
import { words, type SlotName } from './words.js';

/** How many of the texts have a second sentence. */
const closingShare = 0.4;

/** Makes that many texts, no two of them alike; the same count and seed always give the same list. */
export function makeSentences(count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const kinds = (Object.keys(shares) as SentenceKind[]).flatMap((kind) => Array<SentenceKind>(shares[kind]).fill(kind));
  const sentences = new Set<string>();
  while (sentences.size < count) {
    sentences.add(makeText(pick(kinds, random), random));
  }
  return [...sentences];
}

/** One sentence, and after some of them a second, short one. */
function makeText(kind: SentenceKind, random: Random): string {
  const used = new Set<string>();
  const first = fill(pick(templates[kind], random), used, random);
  return random() < closingShare ? `${first} ${fill(pick(closings[kind], random), used, random)}` : first;
}

function fill(template: string, used: Set<string>, random: Random): string {
  const sentence = template.replace(/\{(a )?(\w+)\}/g, (_slot, article: string | undefined, name: SlotName) => {
    const word = pickUnused(words[name], used, random);
    return article === undefined ? word : withArticle(word);
  });
  return capitalized(sentence);
}

/** No word comes twice in a text: "from Monday to Monday" makes no sense. */
function pickUnused(list: readonly string[], used: Set<string>, random: Random): string {
  const word = pick(
    list.filter((candidate) => !used.has(candidate)),
    random,
  );
  used.add(word);
  return word;
}

/** Holds for the words of the lists: "an umbrella", "a useless …". */
function withArticle(word: string): string {
  return `${/^[aeio]|^u[^s]/.test(word) ? 'an' : 'a'} ${word}`;
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
