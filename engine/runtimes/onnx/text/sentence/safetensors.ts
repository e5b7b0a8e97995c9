import { z } from 'zod';
import { ModelJobError } from '../../../../../planner/index.js';
import { halfToNumber } from '../../float16.js';

/** Tensors by their names, row by row. */
export type Weights = ReadonlyMap<string, Float32Array>;

const header = z.record(
  z.string(),
  z.looseObject({ dtype: z.string().optional(), data_offsets: z.tuple([z.int(), z.int()]).optional() }),
);

/**
 * The tensors of floats in a file of the safetensors format: eight bytes with the header's length, the header as JSON,
 * the data. https://github.com/huggingface/safetensors
 *
 * @throws ModelJobError `Failed` for another kind of file
 */
export function readTensors(file: Buffer): Weights {
  try {
    const length = Number(file.readBigUInt64LE(0));
    const entries = header.parse(JSON.parse(file.toString('utf8', 8, 8 + length)));
    const data = file.subarray(8 + length);
    const weights = new Map<string, Float32Array>();
    checkOffsets(Object.values(entries), data.length);
    for (const [name, { dtype, data_offsets: offsets }] of Object.entries(entries)) {
      const values = offsets && floatsOf(data.subarray(...offsets), dtype ?? '');
      if (values) weights.set(name, values);
    }
    return weights;
  } catch (error) {
    throw new ModelJobError('Failed', 'a file of weights is not in the safetensors format', {
      cause: error,
      retryable: false,
    });
  }
}

/** As the format has it: each tensor within the data, and none over another. A small file could else name a large model. */
function checkOffsets(entries: readonly z.output<typeof header>[string][], size: number): void {
  const places = entries.flatMap(({ data_offsets: offsets }) => (offsets ? [offsets] : []));
  let end = 0;
  for (const [from, until] of places.sort(([left], [right]) => left - right)) {
    if (from < end || until < from || until > size) throw new Error(`a tensor at ${from} to ${until} of ${size} bytes`);
    end = until;
  }
}

function floatsOf(bytes: Buffer, dtype: string): Float32Array | undefined {
  switch (dtype) {
    case 'F32':
      return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
    case 'F16':
      return Float32Array.from({ length: bytes.length / 2 }, (_, at) => halfToNumber(bytes.readUInt16LE(at * 2)));
    case 'BF16':
      return Float32Array.from({ length: bytes.length / 2 }, (_, at) => brainFloat(bytes.readUInt16LE(at * 2)));
    default:
      return undefined;
  }
}

const word = new DataView(new ArrayBuffer(4));

/** The upper half of a float of four bytes. */
function brainFloat(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
