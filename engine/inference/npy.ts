import { ModelJobError } from '../../planner/index.js';

/** The magic string and version 1.0 of the format, and the multiple of bytes at which its data begins. */
const magic = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
const alignment = 64;

/**
 * Vectors of one length as a NumPy array of float32, `[rows, length]` (the `.npy` format, version 1.0).
 *
 * @throws ModelJobError `InvalidArgument` for vectors of different lengths
 */
export function npyOf(vectors: readonly Float32Array[]): Iterable<Uint8Array> {
  const length = vectors[0]?.length ?? 0;
  const odd = vectors.findIndex((vector) => vector.length !== length);
  if (odd !== -1) {
    throw new ModelJobError(
      'InvalidArgument',
      `options.outputFormat \`npy\` needs vectors of one length: output 0 has ${length} numbers, output ${odd} has ${vectors[odd]?.length}`,
    );
  }
  return parts(vectors, length);
}

function* parts(vectors: readonly Float32Array[], length: number): Generator<Uint8Array> {
  yield headerOf(vectors.length, length);
  for (const vector of vectors) yield littleEndian(vector);
}

function headerOf(rows: number, length: number): Buffer {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${length}), }`;
  const before = magic.length + 2;
  const size = Math.ceil((before + dictionary.length + 1) / alignment) * alignment - before;
  const header = Buffer.alloc(before + size, ' ');
  magic.copy(header);
  header.writeUInt16LE(size, magic.length);
  header.write(dictionary, before, 'latin1');
  header.write('\n', before + size - 1);
  return header;
}

function littleEndian(vector: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((value, at) => bytes.setFloat32(at * 4, value, true));
  return new Uint8Array(bytes.buffer);
}
