import { Decompress } from 'fzstd';
import xxhash from 'xxhash-wasm';
import { ModelJobError } from '../../../../planner/index.js';
import { createByteReader, type ByteReader } from './byte-reader.js';
import { readZstdHeader, zstdRest, zstdStart, type ZstdHeader } from './zstd-header.js';

/** The largest window that a frame may ask for, in bytes: what `zstd` itself takes without `--long`. */
const mostWindow = 1 << 27;

/** The largest block, in bytes. */
const mostBlock = 1 << 17;

const frameMagic = 0xfd2fb528;

/** A frame that is to be skipped begins with this, up to its last four bits. */
const skippableMagic = 0x184d2a5;

/**
 * The bytes of a file that is compressed with zstd, frame by frame. Holds as much as a frame's window asks for. Each
 * frame is held against the size and the hash that it names. Node's own, where it has one, stops behind the first frame
 * and takes a file that ends too early for a whole one (seen in 22.23).
 *
 * @param label the file's name, for messages
 * @throws ModelJobError `InvalidArgument` for what is not compressed so, ends too early, or unpacks to something else
 *   than was packed; `ResourceLimit` for a window that is too large
 */
export async function* unzstd(packed: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer> {
  const reader = createByteReader(packed);
  try {
    for (let frame = 1; ; frame++) {
      const start = await reader.take(zstdStart);
      if (start.length === 0 && frame > 1) return;
      if (start.length === 0) throw notWhole(label, 'it is empty');
      if (start.length < zstdStart) throw notWhole(label, 'unexpected EOF');
      const magic = start.readUInt32LE();
      if (magic >>> 4 === skippableMagic) await skipFrame(reader, start, label);
      else if (magic === frameMagic) yield* unpackFrame(reader, start, { label, frame });
      else throw notWhole(label, 'invalid zstd data');
    }
  } finally {
    await reader.close();
  }
}

/** Its length stands behind its magic number. */
async function skipFrame(reader: ByteReader, start: Buffer, label: string): Promise<void> {
  const rest = await reader.take(3);
  if (rest.length < 3) throw notWhole(label, 'unexpected EOF');
  // One byte of the frame's length has been taken already, none of what it holds.
  const length = Buffer.concat([start.subarray(4), rest]).readUInt32LE();
  if ((await reader.skip(length)) < length) throw notWhole(label, 'unexpected EOF');
}

interface Place {
  label: string;
  /** The frame's number, from 1. */
  frame: number;
}

async function* unpackFrame(reader: ByteReader, start: Buffer, { label, frame }: Place): AsyncGenerator<Buffer> {
  const header = Buffer.concat([start, await takeAll(reader, zstdRest(start[4] ?? 0), label)]);
  const { sizeBytes, hasChecksum, ...needs } = readZstdHeader(header);
  refuseNeeds(needs, label);
  const check = hasChecksum ? (await xxhash()).create64() : undefined;
  let size = 0;
  const unpacked: Buffer[] = [];
  const decompress = new Decompress((chunk) => {
    if (chunk.length === 0) return;
    size += chunk.length;
    check?.update(chunk);
    unpacked.push(Buffer.from(chunk));
  });
  const push = (bytes: Uint8Array, isLast = false): void => {
    try {
      decompress.push(bytes, isLast);
    } catch (error) {
      throw notWhole(label, (error as Error).message);
    }
  };
  push(header);
  for (let isLast = false; !isLast;) {
    const block = await takeBlock(reader, label);
    isLast = block.isLast;
    push(block.bytes);
    yield* unpacked.splice(0);
  }
  const checksum = await takeAll(reader, hasChecksum ? 4 : 0, label);
  push(checksum, true);
  yield* unpacked;
  if (sizeBytes !== undefined && sizeBytes !== size) {
    throw notWhole(label, `frame ${frame} unpacks to ${size} bytes, and should to ${sizeBytes}`);
  }
  if (check && Number(check.digest() & 0xffffffffn) !== checksum.readUInt32LE()) {
    throw notWhole(label, `frame ${frame} unpacks to other bytes than were packed: its checksum differs`);
  }
}

function refuseNeeds({ window, hasDictionary }: Pick<ZstdHeader, 'window' | 'hasDictionary'>, label: string): void {
  if (hasDictionary) {
    const message = `${label} was packed with a dictionary, which is not read: pack it without one`;
    throw new ModelJobError('InvalidArgument', message);
  }
  if (window <= mostWindow) return;
  const message = `${label} asks for a window of ${window} bytes, more than is given (${mostWindow}): pack it without --long`;
  throw new ModelJobError('ResourceLimit', message);
}

/** A block with its header (RFC 8878, section 3.1.1.2); one that repeats a byte holds it once. */
async function takeBlock(reader: ByteReader, label: string): Promise<{ bytes: Buffer; isLast: boolean }> {
  const head = await takeAll(reader, 3, label);
  const bits = head.readUIntLE(0, 3);
  const size = bits >> 3;
  if (size > mostBlock) throw notWhole(label, 'invalid zstd data');
  const isRepeat = ((bits >> 1) & 3) === 1;
  const content = await takeAll(reader, isRepeat ? 1 : size, label);
  return { bytes: Buffer.concat([head, content]), isLast: (bits & 1) === 1 };
}

async function takeAll(reader: ByteReader, count: number, label: string): Promise<Buffer> {
  const bytes = await reader.take(count);
  if (bytes.length < count) throw notWhole(label, 'unexpected EOF');
  return bytes;
}

function notWhole(label: string, problem: string): ModelJobError {
  return new ModelJobError('InvalidArgument', `${label} is no whole zstd file: ${problem}`);
}
