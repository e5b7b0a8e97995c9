import type { Pooling } from '../../models/tasks/parameters/index.js';

/** Vectors of tokens, row by row: `[batch, tokens, size]`. */
export interface TokenVectors {
  data: Float32Array;
  dims: readonly [batch: number, tokens: number, size: number];
}

/** The tokens of one row that are pooled, without padding. `to` is not included. */
export interface TokenRange {
  row: number;
  from: number;
  to: number;
  /** Tokens of the row before `from` that count for the weights, such as those of a prompt. Default: none. */
  before?: number;
}

/** The vectors of several poolings of one row, one behind the other: the order is Sentence Transformers'. */
export function poolAll(vectors: TokenVectors, range: TokenRange, poolings: readonly Pooling[]): Float32Array {
  const parts = poolings.map((pooling) => pool(vectors, range, pooling));
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return Float32Array.from(parts.flatMap((part) => Array.from(part)));
}

/** One vector of a row's tokens, with memory of its own. */
export function pool(vectors: TokenVectors, range: TokenRange, pooling: Pooling): Float32Array {
  const { from, to, before = 0 } = range;
  switch (pooling) {
    case 'cls':
      return tokenOf(vectors, range.row, from);
    case 'last_token':
      return tokenOf(vectors, range.row, Math.max(to - 1, from));
    case 'max':
      return maxOf(vectors, range);
    case 'mean':
      return sumOf(vectors, range, () => 1, Math.max(to - from, 1));
    case 'mean_sqrt_len':
      return sumOf(vectors, range, () => 1, Math.sqrt(Math.max(to - from, 1)));
    case 'weighted_mean': {
      const weight = (token: number): number => token - from + before + 1;
      const weights = ((weight(from) + weight(to - 1)) * (to - from)) / 2;
      return sumOf(vectors, range, weight, Math.max(weights, 1));
    }
  }
}

/** The mean of the rows of a matrix. */
export function meanOfRows(data: Float32Array, rows: number, size: number): Float32Array {
  return pool({ data, dims: [1, rows, size] }, { row: 0, from: 0, to: rows }, 'mean');
}

function sumOf(
  { data, dims: [, tokens, size] }: TokenVectors,
  { row, from, to }: TokenRange,
  weightOf: (token: number) => number,
  divisor: number,
): Float32Array {
  const sum = new Float64Array(size);
  for (let token = from; token < to; token++) {
    const weight = weightOf(token);
    const start = (row * tokens + token) * size;
    for (let at = 0; at < size; at++) sum[at] = (sum[at] ?? 0) + weight * (data[start + at] ?? 0);
  }
  return Float32Array.from(sum, (value) => value / divisor);
}

function maxOf({ data, dims: [, tokens, size] }: TokenVectors, { row, from, to }: TokenRange): Float32Array {
  const most = new Float32Array(size).fill(-Infinity);
  for (let token = from; token < to; token++) {
    const start = (row * tokens + token) * size;
    for (let at = 0; at < size; at++) most[at] = Math.max(most[at] ?? 0, data[start + at] ?? 0);
  }
  return most;
}

function tokenOf({ data, dims: [, tokens, size] }: TokenVectors, row: number, token: number): Float32Array {
  const start = (row * tokens + token) * size;
  return data.slice(start, start + size);
}
