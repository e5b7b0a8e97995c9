import { ModelJobError } from '../../../../planner/index.js';
import { kept, keptOfPair, windowsOf, type PairRule, type Part } from './cutting.js';
import { rowOf, type TokenRow } from './row-template.js';
import type { TextTokenizer } from './text-tokenizer.js';

/** What becomes of a text that is longer than the model takes. */
export interface Cutting {
  truncation: 'cut' | 'refuse' | 'windows';
  /** Tokens that two windows share. Default: a quarter of a window, 128 at most. */
  stride?: number | undefined;
}

/** What the model did not see of an input, in tokens, special ones included. */
export interface Truncation {
  tokens: number;
  kept: number;
}

/** An input as rows of a network: one, or several windows. */
export interface Encoded {
  rows: readonly TokenRow[];
  /** Which tokens of the text that may be cut each row has. */
  parts: readonly Part[];
  truncated?: Truncation;
}

/**
 * A text as one row, or as windows.
 *
 * @throws ModelJobError `InvalidArgument` for a text that is too long, where that is to be refused
 */
export function encodeText(tokenizer: TextTokenizer, ids: readonly number[], cutting: Cutting): Encoded {
  const { single, maxLength, truncationSide: side } = tokenizer;
  const room = maxLength - single.specials;
  if (ids.length <= room) return { rows: [rowOf(single, ids)], parts: [{ from: 0, to: ids.length }] };
  if (cutting.truncation === 'windows') {
    const parts = windowsOf(ids.length, room, strideIn(room, cutting.stride));
    return { rows: parts.map(({ from, to }) => rowOf(single, ids.slice(from, to))), parts };
  }
  const from = side === 'left' ? ids.length - room : 0;
  const rows = [rowOf(single, kept(ids, room, side))];
  return { rows, parts: [{ from, to: from + room }], ...cut(cutting, ids.length + single.specials, maxLength) };
}

/** A text that may be cut beside one that stays whole. */
export interface Beside {
  text: readonly number[];
  whole: readonly number[];
  /** Which of the two comes first in a row. */
  first: 'text' | 'whole';
  maxLength: number;
}

/**
 * A pair of which one text stays whole, as one row, or as windows of the other text.
 *
 * @returns undefined where the text that stays whole leaves no room for the other
 * @throws ModelJobError as {@link encodeText}
 */
export function encodeBeside(tokenizer: TextTokenizer, beside: Beside, cutting: Cutting): Encoded | undefined {
  const { text, whole, first, maxLength } = beside;
  const { pair, truncationSide: side } = tokenizer;
  const room = maxLength - pair.specials - whole.length;
  const row = (part: readonly number[]): TokenRow =>
    first === 'text' ? rowOf(pair, part, whole) : rowOf(pair, whole, part);
  if (text.length <= room) return { rows: [row(text)], parts: [{ from: 0, to: text.length }] };
  if (room < 1) return undefined;
  if (cutting.truncation === 'windows') {
    const parts = windowsOf(text.length, room, strideIn(room, cutting.stride));
    return { rows: parts.map(({ from, to }) => row(text.slice(from, to))), parts };
  }
  const from = side === 'left' ? text.length - room : 0;
  const tokens = text.length + whole.length + pair.specials;
  return {
    rows: [row(kept(text, room, side))],
    parts: [{ from, to: from + room }],
    ...cut(cutting, tokens, maxLength),
  };
}

/**
 * A pair of which both texts may be cut.
 *
 * @throws ModelJobError as {@link encodeText}
 */
export function encodePair(
  tokenizer: TextTokenizer,
  first: readonly number[],
  second: readonly number[],
  cutting: Cutting,
  rule: PairRule = 'longest_first',
): Encoded {
  const { pair, maxLength, truncationSide: side } = tokenizer;
  const lengths = keptOfPair(first.length, second.length, maxLength - pair.specials, rule) ?? [0, 0];
  const row = rowOf(pair, kept(first, lengths[0], side), kept(second, lengths[1], side));
  const tokens = first.length + second.length + pair.specials;
  const parts = [{ from: 0, to: lengths[1] }];
  return { rows: [row], parts, ...(tokens > row.ids.length ? cut(cutting, tokens, row.ids.length) : {}) };
}

function strideIn(room: number, asked: number | undefined): number {
  const stride = asked ?? Math.min(128, Math.floor(room / 4));
  if (stride < room) return stride;
  throw refusal('stride', `expected fewer tokens than a window has (${room}), received ${stride}`);
}

function cut({ truncation }: Cutting, tokens: number, count: number): { truncated: Truncation } {
  if (truncation === 'cut') return { truncated: { tokens, kept: count } };
  throw refusal('truncation', `the input has ${tokens} tokens, more than the model takes (${count})`);
}

function refusal(parameter: string, problem: string): ModelJobError {
  const path = `options.parameters.${parameter}`;
  return new ModelJobError('InvalidArgument', `${path}: ${problem}`, { problems: [{ path, message: problem }] });
}
