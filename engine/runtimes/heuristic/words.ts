/** Scripts that part words by nothing: each of their characters counts as a word. */
const unspaced = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}`;

const part = String.raw`(?:(?![${unspaced}])[\p{L}\p{M}\p{N}])`;

const wordPattern = new RegExp(String.raw`(?=[${unspaced}])[\p{L}\p{N}]\p{M}*|${part}+(?:'${part}+)*`, 'gu');

/** English words that say little about what a text is about; other languages have no such list. */
const stopWords: ReadonlySet<string> = new Set(
  (
    'a about after all also am an and any are as at be because been before being but by can could did do does for ' +
    'from had has have he her him his how i if in into is it its just may me more most my no nor not of on one only ' +
    'or other our out over own she should so some such than that the their them then there these they this those to ' +
    'too up us very was we were what when where which while who whom why will with would you your'
  ).split(' '),
);

const sentenceSegmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The words of a text, in lower case and one Unicode form (NFKC), apostrophes within them straight. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().replaceAll('’', "'").match(wordPattern) ?? [];
}

/** The words that say something; all of them where none does. */
export function contentWordsOf(text: string): string[] {
  const words = wordsOf(text);
  const content = words.filter((word) => !isStopWord(word));
  return content.length > 0 ? content : words;
}

export function isStopWord(word: string): boolean {
  return stopWords.has(word);
}

/** The sentences of a text (Unicode's rules, UAX 29), trimmed, none empty. */
export function sentencesOf(text: string): string[] {
  return Array.from(sentenceSegmenter.segment(text), ({ segment }) => segment.replaceAll(/\s+/gu, ' ').trim()).filter(
    (sentence) => sentence !== '',
  );
}

/** How often each word is in a list. */
export function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
