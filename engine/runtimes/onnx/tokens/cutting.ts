/** What is cut of a pair that is too long: of the longer text, or of one of them alone. */
export type PairRule = 'longest_first' | 'only_first' | 'only_second';

/**
 * How many tokens of each of two texts are kept, as `truncate_encodings` of the Rust tokenizers decides it.
 *
 * @param room tokens that both may have together
 * @returns undefined where the text that may be cut can't make room alone
 */
export function keptOfPair(
  first: number,
  second: number,
  room: number,
  rule: PairRule,
): [first: number, second: number] | undefined {
  const over = first + second - room;
  if (over <= 0) return [first, second];
  if (rule === 'only_first') return first > over ? [first - over, second] : undefined;
  if (rule === 'only_second') return second > over ? [first, second - over] : undefined;
  const [shorter, longer] = longestFirst(Math.min(first, second), room);
  return first <= second ? [shorter, longer] : [longer, shorter];
}

/** The shorter text is kept whole while it has half of the room or less. */
function longestFirst(shorter: number, room: number): [shorter: number, longer: number] {
  const longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
  if (shorter + longer <= room) return [shorter, longer];
  const half = Math.floor(room / 2);
  return [half, half + (room % 2)];
}

/** A part of a list; `to` is not included. */
export interface Part {
  from: number;
  to: number;
}

/**
 * Parts of `size` that overlap by `stride`, the last one perhaps shorter; one part for what fits. The same as
 * `Encoding::truncate` of the Rust tokenizers.
 */
export function windowsOf(length: number, size: number, stride: number): Part[] {
  const parts: Part[] = [{ from: 0, to: Math.min(size, length) }];
  const step = Math.max(size - stride, 1);
  for (let from = step; (parts.at(-1)?.to ?? length) < length; from += step) {
    parts.push({ from, to: Math.min(from + size, length) });
  }
  return parts;
}

/** The tokens that are kept: the first ones, unless the tokenizer cuts on the left. */
export function kept<T>(tokens: readonly T[], count: number, side: 'left' | 'right'): readonly T[] {
  if (tokens.length <= count) return tokens;
  return side === 'left' ? tokens.slice(tokens.length - count) : tokens.slice(0, count);
}
