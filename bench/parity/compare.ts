/** How far a number of ours may be from theirs. */
export const maxDifference = 1e-4;

/** Two likenesses that are as close as this may stand in either order. */
export const tieTolerance = 1e-5;

/** How far apart two lists of embeddings are. */
export interface Differences {
  /** Largest absolute difference of one number. */
  largest: number;
  /** Texts with a difference that is too large. */
  different: number[];
  /** Places in all rankings where the two orders differ, but their likenesses are tied. */
  tied: number;
  /** Texts whose neighbours come in another order. */
  reordered: number[];
}

/** Compares number by number, and by what the numbers are for: the order of each text's neighbours. */
export function compareEmbeddings(ours: readonly number[][], theirs: readonly number[][]): Differences {
  const largest = ours.map((vector, index) => largestDifference(vector, theirs[index] ?? []));
  const neighbours = ours.map((_, index) => compareNeighbours(index, ours, theirs));
  return {
    largest: Math.max(...largest),
    different: indicesOf(largest, (difference) => !(difference < maxDifference)),
    tied: neighbours.reduce((sum, { tied }) => sum + tied, 0),
    reordered: indicesOf(neighbours, ({ reordered }) => reordered),
  };
}

function indicesOf<T>(list: readonly T[], isWanted: (value: T) => boolean): number[] {
  return [...list.keys()].filter((index) => isWanted(list[index] as T));
}

/** Infinity for vectors of different lengths; NaN where there is one. */
function largestDifference(left: readonly number[], right: readonly number[]): number {
  if (left.length !== right.length) return Infinity;
  return Math.max(...left.map((value, index) => Math.abs(value - (right[index] ?? NaN))));
}

/** Our order of a text's neighbours, read by their likenesses: it must go down, but for ties. */
function compareNeighbours(
  index: number,
  ours: readonly number[][],
  theirs: readonly number[][],
): { tied: number; reordered: boolean } {
  const likenesses = theirs.map((vector) => cosine(vector, theirs[index] ?? []));
  let least = Infinity;
  let tied = 0;
  for (const neighbour of ranking(index, ours)) {
    const likeness = likenesses[neighbour] ?? NaN;
    if (!(likeness <= least + tieTolerance)) return { tied, reordered: true };
    if (likeness > least) tied += 1;
    least = Math.min(least, likeness);
  }
  return { tied, reordered: false };
}

function ranking(index: number, vectors: readonly number[][]): number[] {
  const likenesses = vectors.map((vector) => cosine(vector, vectors[index] ?? []));
  return [...vectors.keys()]
    .filter((other) => other !== index)
    .sort((left, right) => (likenesses[right] ?? 0) - (likenesses[left] ?? 0));
}

function cosine(left: readonly number[], right: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, index) => sum + value * (b[index] ?? NaN), 0);
  return dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right));
}
