import { contentWordsOf, countsOf } from './words.js';

/** The usual constants: how soon a repeated word saturates, and how much a document's length counts. */
const k1 = 1.2;
const b = 0.75;

/** How well each document answers a query (Okapi BM25 over these documents alone); 0 for one that shares no word. */
export function bm25(query: string, documents: readonly string[]): number[] {
  const terms = new Set(contentWordsOf(query));
  const contents = documents.map(contentWordsOf);
  const counts = contents.map(countsOf);
  const meanLength = contents.reduce((sum, { length }) => sum + length, 0) / contents.length || 1;
  const weights = Array.from(terms, (term) => [term, rarity(term, counts)] as const);
  return counts.map((count, index) => {
    const relativeLength = (contents[index]?.length ?? 0) / meanLength;
    return weights.reduce((sum, [term, weight]) => {
      const times = count.get(term) ?? 0;
      return sum + (weight * times * (k1 + 1)) / (times + k1 * (1 - b + b * relativeLength));
    }, 0);
  });
}

function rarity(term: string, counts: readonly Map<string, number>[]): number {
  const holders = counts.filter((count) => count.has(term)).length;
  return Math.log(1 + (counts.length - holders + 0.5) / (holders + 0.5));
}
