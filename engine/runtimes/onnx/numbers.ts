/** Numbers that add up to one; the largest is taken off first, so that no exponential overflows. */
export function softmax(values: ArrayLike<number>): number[] {
  const all = Array.from(values);
  const largest = all.reduce((most, value) => Math.max(most, value), -Infinity);
  const exponentials = all.map((value) => Math.exp(value - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** A number between zero and one. */
export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** Python's rounding: of two that are as near, the even one. */
export function roundToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Divides a vector, in place, by its length; one of zeros stays as it is. */
export function normalize(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) / length;
  return vector;
}

/** The mean of lists of one length, place by place. */
export function meanOfLists(lists: readonly (readonly number[])[]): number[] {
  const [first = []] = lists;
  if (lists.length === 1) return [...first];
  return first.map((_, at) => lists.reduce((sum, list) => sum + (list[at] ?? NaN), 0) / lists.length);
}

/** The only vector, or the mean of several. */
export function meanOfVectors(vectors: readonly Float32Array[]): Float32Array {
  const [only] = vectors;
  if (only && vectors.length === 1) return only;
  return Float32Array.from(meanOfLists(vectors.map((vector) => Array.from(vector))));
}
