import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { withClosingTokens } from '../../../../engine/runtimes/onnx/closing-tokens.js';
import { loadLibrary, type Tensors } from '../../../../engine/runtimes/onnx/library.js';

/** `[CLS]` is 2 and `[SEP]` is 3, and a row has 512 tokens at most. */
const folder = fileURLToPath(new URL('../../../../demo/model/afinn-sentiment', import.meta.url));
const separator = 3n;

type Tokenize = (texts: string[], options: object) => Tensors;
let plain: Tokenize;
let closing: Tokenize;

beforeAll(async () => {
  const { AutoTokenizer } = await loadLibrary();
  const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  plain = tokenizer;
  closing = withClosingTokens(tokenizer);
});

const goods = (count: number): string => 'good '.repeat(count).trim();

function rows({ input_ids: ids }: Tensors): bigint[][] {
  const [count = 0, length = 0] = ids!.dims;
  return Array.from({ length: count }, (_, row) => [
    ...(ids!.data as BigInt64Array).subarray(row * length, (row + 1) * length),
  ]);
}

describe('a text with more tokens than the model takes', () => {
  const options = { padding: true, truncation: true };

  it('ends with its closing token, which the library cuts off', () => {
    const [ours] = rows(closing([goods(600)], options));
    const [theirs] = rows(plain([goods(600)], options));
    expect(ours).toHaveLength(512);
    expect(ours!.slice(0, -1)).toEqual(theirs!.slice(0, -1));
    expect([ours!.at(-1), theirs!.at(-1) === separator]).toEqual([separator, false]);
  });

  it('does so at a length that the caller names', () => {
    const [row] = rows(closing([goods(600)], { ...options, max_length: 8 }));
    expect(row).toHaveLength(8);
    expect(row!.at(-1)).toBe(separator);
  });

  it('changes no other text of its batch', () => {
    const texts = [goods(600), goods(510), goods(509), 'good', ''];
    const [ours, theirs] = [rows(closing(texts, options)), rows(plain(texts, options))];
    expect(ours.slice(1)).toEqual(theirs.slice(1));
    expect(ours[0]).not.toEqual(theirs[0]);
  });

  it('is left whole where nothing is to be cut', () => {
    const [row] = rows(closing([goods(600)], { padding: true, truncation: false, max_length: 8 }));
    expect(row!.at(-1)).toBe(separator);
    expect(row!.length).toBe(602);
  });
});
