import type { Tensor, Tensors } from './library.js';

/** What of a tokenizer of transformers.js is used here; a call makes a row of each text. */
export interface TruncatingTokenizer {
  (...args: never[]): unknown;
  encode(text: string): number[];
  model_max_length: number;
}

/**
 * A tokenizer that closes texts which are too long, as the Python libraries do. transformers.js cuts a row behind its
 * special tokens (`truncateHelper`), so that a long text would lose the `[SEP]` at its end, and get another vector.
 */
export function withClosingTokens<T extends TruncatingTokenizer>(tokenizer: T): T {
  const closing = closingTokensOf(tokenizer);
  if (closing.length === 0) return tokenizer;
  return new Proxy(tokenizer, {
    apply(target, self, args: unknown[]) {
      const encoded: unknown = Reflect.apply(target, self, args);
      const options = args.find(isOptions);
      if (options?.truncation === true) {
        closeRows(encoded as Tensors, closing, Math.min(options.max_length ?? Infinity, target.model_max_length));
      }
      return encoded;
    },
  });
}

/** The special tokens that end each row: what an empty text's ids and a letter's have in common at their end. */
function closingTokensOf(tokenizer: TruncatingTokenizer): bigint[] {
  const empty = tokenizer.encode('').reverse();
  const letter = tokenizer.encode('a').reverse();
  const differ = empty.findIndex((id, at) => id !== letter[at]);
  return empty
    .slice(0, differ === -1 ? empty.length : differ)
    .reverse()
    .map(BigInt);
}

interface TruncateOptions {
  truncation?: boolean | null;
  max_length?: number | null;
}

function isOptions(value: unknown): value is TruncateOptions {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Rows as long as may be end with the closing tokens; one that was not cut ends with them already. */
function closeRows(
  { input_ids: ids, attention_mask: mask }: Tensors,
  closing: readonly bigint[],
  longest: number,
): void {
  const [rows = 0, length = 0] = ids?.dims ?? [];
  if (!isInt64(ids) || !isInt64(mask) || length !== longest || closing.length > length) return;
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * length;
    if (mask.data.subarray(end - length, end).every((seen) => seen === 1n)) ids.data.set(closing, end - closing.length);
  }
}

function isInt64(tensor: Tensor | undefined): tensor is Tensor & { data: BigInt64Array } {
  return tensor?.data instanceof BigInt64Array;
}
