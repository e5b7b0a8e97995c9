import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeRealFolder } from '../../../system/files/real-folder.js';
import { below, type StorageFolder } from '../../storage/index.js';
import type { RowSource } from '../shards/shard-index.js';
import type { RowCounter } from './row-counter.js';

const newline = 0x0a;

/** A staged file ends with the row that makes it so large, in bytes. */
const pieceBytes = 256 << 20;

/** Rows that are no plain JSON Lines on their way into files of JSON Lines in the batch's folder. */
export interface Staging {
  /**
   * Begins with the rows of a file that the caller named.
   *
   * @param origin its number
   * @param copyOf what it is, for the plan
   */
  begin(origin: number, copyOf: NonNullable<RowSource['copyOf']>): void;
  write(bytes: Buffer): Promise<void>;
  /** The rows of that file end here. */
  end(): Promise<void>;
  /** All rows are there: the files get their names. */
  finish(): Promise<void>;
  /** Nobody needs the rows: removes them. */
  discard(): Promise<void>;
  close(): Promise<void>;
}

export interface StagingOptions {
  /** The batch's folder. */
  folder: StorageFolder;
  /** Names of this attempt begin so: another one may be at work. */
  prefix: string;
  /** A folder of this machine, for files that go elsewhere when they are whole. */
  scratch: string;
  counter: RowCounter;
  signal: AbortSignal;
}

interface Piece {
  name: string;
  path: string;
  file: FileHandle;
  size: number;
}

/** Opens a staging area. While one file is written, the one before is moved to the batch's folder. */
export function createStaging({ folder, prefix, scratch, counter, signal }: StagingOptions): Staging {
  let piece: Piece | undefined;
  const names: string[] = [];
  let from: { origin: number; copyOf?: RowSource['copyOf'] } = { origin: 0 };
  let isFresh = true;
  let lastByte = newline;
  let publishing: Promise<unknown> = Promise.resolve();

  async function openPiece(): Promise<Piece> {
    const name = `${prefix}/${String(names.length).padStart(6, '0')}.jsonl`;
    names.push(name);
    const path = folder.isLocal ? `${below(folder.location, name)}.tmp` : join(scratch, name);
    await makeRealFolder(dirname(path));
    return { name, path, file: await open(path, 'wx'), size: 0 };
  }

  async function append(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    const isNew = piece === undefined;
    piece ??= await openPiece();
    if (isNew || isFresh) {
      const location = below(folder.location, piece.name);
      const source = { location, copyOf: from.copyOf };
      counter.begin({ origin: from.origin, source, at: piece.size, ...(isFresh && { line: 1 }) });
    }
    isFresh = false;
    await piece.file.writeFile(bytes);
    piece.size += bytes.length;
    lastByte = bytes.at(-1) ?? lastByte;
    await counter.push(bytes);
  }

  async function closePiece(): Promise<void> {
    if (!piece) return;
    const { file, path, name } = piece;
    piece = undefined;
    await file.datasync();
    await file.close();
    await publishing;
    publishing = folder.publish(path, name, signal);
    publishing.catch(() => undefined);
  }

  return {
    begin(origin, copyOf) {
      from = { origin, copyOf };
      isFresh = true;
      lastByte = newline;
    },
    async write(bytes) {
      const isLarge = (piece?.size ?? 0) >= pieceBytes;
      const cut = isLarge ? bytes.indexOf(newline) + 1 : 0;
      if (cut > 0) {
        await append(bytes.subarray(0, cut));
        await closePiece();
      }
      await append(bytes.subarray(cut));
    },
    async end() {
      if (lastByte !== newline) await append(Buffer.from('\n'));
    },
    async finish() {
      await closePiece();
      await publishing;
    },
    async discard() {
      await publishing.catch(() => undefined);
      if (piece) await rm(piece.path, { force: true });
      // Best effort: what stays is removed with the next plan of this run.
      for (const name of names) await folder.remove(name).catch(() => undefined);
    },
    async close() {
      await piece?.file.close();
      await publishing.catch(() => undefined);
    },
  };
}
