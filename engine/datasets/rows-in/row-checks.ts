import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { below, openFile, type StorageFolder } from '../../storage/index.js';
import type { Shard } from '../shards/shard-index.js';

/** Bytes of a check in the file, and checks that are written at once. */
const checkBytes = 4;
const blockChecks = 16_384;

/**
 * A check of each row of a data set, by which a row is known again that has moved: a batch is retried over files whose
 * bad rows were mended in place.
 */
export interface RowChecks {
  /** Takes a row's bytes. White space at its end is none of the row. */
  add(chunk: Buffer, from: number, until: number): void;
  /** Writes down what is due. */
  flush(): Promise<void>;
  /** All rows are there: moves the checks to the batch's folder, and returns where they are. */
  publish(folder: StorageFolder, name: string, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/** Up to so many bytes are sooner hashed here than handed over. */
const shortBytes = 192;

/** The check of a row's bytes, 32 bits: FNV-1a of a short one, CRC-32 of a long one. */
export function checkOf(chunk: Buffer, from: number, until: number): number {
  if (until - from > shortBytes) return crc32(chunk.subarray(from, until));
  let hash = 0x811c9dc5;
  for (let at = from; at < until; at++) hash = Math.imul(hash ^ (chunk[at] ?? 0), 0x01000193);
  return hash >>> 0;
}

/** @param path of a file of this machine that holds the checks meanwhile */
export function createRowChecks(path: string): RowChecks {
  let block = newBlock();
  let count = 0;
  const full: Buffer[] = [];
  let file: FileHandle | undefined;
  const write = async (blocks: readonly Buffer[]): Promise<void> => {
    if (blocks.length === 0) return;
    file ??= await open(path, 'w');
    for (const bytes of blocks) await file.writeFile(bytes);
  };
  return {
    add(chunk, from, until) {
      let end = until;
      while (end > from && (chunk[end - 1] ?? 0) <= 0x20) end -= 1;
      block.setUint32(count * checkBytes, checkOf(chunk, from, end), true);
      if (++count < blockChecks) return;
      full.push(Buffer.from(block.buffer));
      block = newBlock();
      count = 0;
    },
    flush: () => write(full.splice(0)),
    async publish(folder, name, signal) {
      await write([...full.splice(0), Buffer.from(block.buffer, 0, count * checkBytes)]);
      await file?.close();
      file = undefined;
      await folder.publish(path, name, signal);
      return below(folder.location, name);
    },
    async close() {
      await file?.close();
    },
  };
}

function newBlock(): DataView<ArrayBuffer> {
  return new DataView(new ArrayBuffer(blockChecks * checkBytes));
}

/** The checks of a shard's rows, in order. */
export async function readRowChecks(
  location: string,
  { firstRow, rows }: Pick<Shard, 'firstRow' | 'rows'>,
  signal: AbortSignal,
): Promise<number[]> {
  const { folder, name } = openFile(location);
  const range = { start: firstRow * checkBytes, end: (firstRow + rows) * checkBytes };
  const pieces: Buffer[] = [];
  for await (const piece of folder.read(name, { ...range, signal })) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  return Array.from({ length: bytes.length / checkBytes }, (_, row) => bytes.readUInt32LE(row * checkBytes));
}
