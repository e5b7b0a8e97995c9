import { parseWith } from '../../../planner/index.js';
import { textInput, textOf } from '../../models/tasks/text.js';
import type { Heuristic } from './heuristic.js';
import { ownParameters } from './parameters.js';
import { isStopWord, wordsOf } from './words.js';

/** What each kind of feature weighs beside a word that says something. */
const weights = { stopWord: 0.2, pair: 0.5, piece: 0.3 } as const;

/** Length of the pieces that make forms of one word alike, in characters. */
const pieceLength = 3;

/** Feature hashing (Weinberger 2009) of words, pairs of words and pieces of words; of length 1. */
export const embedText: Heuristic = (parameters) => {
  const { dimensions } = ownParameters('text_embedding', parameters);
  return (input) => embeddingOf(textOf(parseWith(textInput, input, 'input')), dimensions);
};

function embeddingOf(text: string, dimensions: number): Float32Array {
  const vector = new Float64Array(dimensions);
  for (const [feature, weight] of featuresOf(text)) add(vector, feature, weight);
  // Marks alone have no words, and two features may cancel each other out: a vector of length 1 it is still.
  if (lengthOf(vector) === 0) vector[hash(text.trim()) % dimensions] = 1;
  const length = lengthOf(vector);
  return Float32Array.from(vector, (value) => value / length);
}

/** Features by weight: what is there often weighs more, but ever less so. */
function featuresOf(text: string): Map<string, number> {
  const counts = new Map<string, { weight: number; count: number }>();
  const count = (feature: string, weight: number): void => {
    const known = counts.get(feature);
    if (known) known.count += 1;
    else counts.set(feature, { weight, count: 1 });
  };
  let before: string | undefined;
  for (const word of wordsOf(text)) {
    count(`w ${word}`, isStopWord(word) ? weights.stopWord : 1);
    if (before !== undefined) count(`b ${before} ${word}`, weights.pair);
    if (!isStopWord(word)) for (const piece of piecesOf(word)) count(`p ${piece}`, weights.piece);
    before = word;
  }
  return new Map(Array.from(counts, ([feature, { weight, count: n }]) => [feature, weight * (1 + Math.log(n))]));
}

function piecesOf(word: string): string[] {
  const characters = Array.from(`<${word}>`);
  return characters.slice(pieceLength - 1).map((_, at) => characters.slice(at, at + pieceLength).join(''));
}

/** The sign comes from a bit of its own, so that features that share a place do not add up. */
function add(vector: Float64Array, feature: string, weight: number): void {
  const hashed = hash(feature);
  const place = (hashed >>> 1) % vector.length;
  vector[place] = (vector[place] ?? 0) + (hashed & 1 ? weight : -weight);
}

/** FNV-1a over UTF-16 code units, 32 bits, with the final mix of MurmurHash3. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

function lengthOf(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
