import { normalize } from './numbers.js';

/** How the vectors of a text's tokens become the text's own: their mean, the first one, or the last one. */
export const poolings = ['mean', 'cls', 'last_token'] as const;

export type Pooling = (typeof poolings)[number];

/** Vectors of tokens, row by row: `[batch, tokens, size]`. */
export interface TokenVectors {
  data: Float32Array;
  dims: readonly [batch: number, tokens: number, size: number];
}

/**
 * One vector for each row of a batch, in one pass over the model's own buffer.
 *
 * @param mask 1 for a token and 0 for padding, `[batch, tokens]`
 * @returns vectors of memory of their own, of length 1 where `unit` is set
 */
export function pool(vectors: TokenVectors, mask: BigInt64Array, pooling: Pooling, unit: boolean): Float32Array[] {
  return Array.from({ length: vectors.dims[0] }, (_, row) => {
    const pooled = pooling === 'mean' ? meanOf(vectors, mask, row) : tokenOf(vectors, mask, row, pooling);
    return unit ? normalize(pooled) : pooled;
  });
}

function meanOf({ data, dims: [, tokens, size] }: TokenVectors, mask: BigInt64Array, row: number): Float32Array {
  const sum = new Float64Array(size);
  let count = 0;
  for (let token = row * tokens; token < (row + 1) * tokens; token++) {
    if (mask[token] === 0n) continue;
    count += 1;
    const start = token * size;
    for (let at = 0; at < size; at++) sum[at] = (sum[at] ?? 0) + (data[start + at] ?? 0);
  }
  return Float32Array.from(sum, (value) => value / Math.max(count, 1));
}

/** The mean of the rows of a matrix. */
export function meanOfRows(data: Float32Array, rows: number, size: number): Float32Array {
  const mask = new BigInt64Array(rows).fill(1n);
  return meanOf({ data, dims: [1, rows, size] }, mask, 0);
}

function tokenOf(
  { data, dims: [, tokens, size] }: TokenVectors,
  mask: BigInt64Array,
  row: number,
  pooling: 'cls' | 'last_token',
): Float32Array {
  const rowMask = mask.subarray(row * tokens, (row + 1) * tokens);
  // Padding may stand on either side.
  const token = pooling === 'cls' ? rowMask.indexOf(1n) : rowMask.lastIndexOf(1n);
  const start = (row * tokens + Math.max(token, 0)) * size;
  return data.slice(start, start + size);
}
