import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { graphMetadata } from '../../../../engine/runtimes/onnx/graph/metadata.js';
import { rewritten } from '../../../../engine/runtimes/onnx/graph/fields.js';
import { readTensors } from '../../../../engine/runtimes/onnx/text/sentence/safetensors.js';
import { temporaryFolder } from '../../../helpers/activity.js';

describe('a graph whose head lies', () => {
  // Field 14, counted; then a length.
  it.each([
    ['a field of a terabyte', [0x72, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]],
    ['a field of more bytes than any number has', [0x72, ...Array<number>(9).fill(0xff), 0x7f]],
    ['a field of one byte more than there is', [0x72, 0x02, 0x0a]],
    ['a length without an end', [0x72, ...Array<number>(30).fill(0x80)]],
    ['a type that there is not', [0x77, 0x01]],
  ])('is refused for %s, before any of it is taken', async (_, bytes) => {
    const path = join(await temporaryFolder(), 'model.onnx');
    await writeFile(path, Buffer.from(bytes));
    await expect(graphMetadata(path)).rejects.toMatchObject({ code: 'Failed', retryable: false });
    expect(() => rewritten(Buffer.from(bytes), () => undefined)).toThrow(/begins/);
  });
});

describe('a file of weights whose header lies', () => {
  const entry = (from: number, until: number): object => ({ dtype: 'F32', shape: [1], data_offsets: [from, until] });

  it.each([
    ['of a tensor behind the end', { a: entry(0, 400) }],
    ['of a tensor before the beginning', { a: entry(-8, 8) }],
    ['of a tensor that ends before it begins', { a: entry(8, 4) }],
    [
      'of many tensors at one place',
      Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`t${at}`, entry(0, 8)])),
    ],
    ['of itself', 'no object'],
  ])('%s is refused', (_, header) => {
    expect(() => readTensors(weights(JSON.stringify(header)))).toThrow(/not in the safetensors format/);
  });

  it.each([2n ** 63n, 1_000_000n, 1n])('of a length of %s bytes is refused', (length) => {
    expect(() => readTensors(weights('{}', length))).toThrow(/not in the safetensors format/);
  });

  it('is no obstacle where it tells the truth', () => {
    expect(readTensors(weights(JSON.stringify({ a: entry(0, 4), b: entry(4, 8) }))).get('b')).toHaveLength(1);
  });
});

/** A file with this header and eight bytes of data. */
function weights(header: string, length = BigInt(header.length)): Buffer {
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(length);
  return Buffer.concat([head, Buffer.from(header), Buffer.alloc(8)]);
}
