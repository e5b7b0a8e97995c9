import { join } from 'node:path';
import type { ShardIndex } from '../shards/shard-index.js';
import { createCells } from './cells.js';
import { createIdFinder } from './custom-id.js';
import { refuseDuplicates } from './duplicates.js';
import { createIdRecords, type RowPlace } from './id-records.js';
import { createLineScanner } from './line-scanner.js';

/** Bytes that are looked at in one go: others have their turn in between. */
const turnBytes = 1 << 18;

/** Where the bytes that follow are. */
export interface Begin {
  /** The number of the caller's file, for messages. */
  origin: number;
  /** The file of JSON Lines that holds the bytes: an absolute path or `s3://…`. */
  location: string;
  /** The byte of that file that comes next. */
  at?: number;
  /** The line of the caller's file that comes next, from 1. Default: the one after the last. */
  line?: number;
}

/** Counts the rows of a data set as their bytes go by, and cuts them into shards. Its memory does not grow with them. */
export interface RowBook {
  readonly rows: number;
  begin(where: Begin): void;
  /** Takes bytes, whatever lines they hold or cut. */
  push(bytes: Buffer): Promise<void>;
  /** The bytes of one file end here; its last line may have no line break. */
  end(): void;
  /**
   * The shards of all rows.
   *
   * @throws ModelJobError `InvalidArgument` when two rows have one `custom_id`
   */
  finish(): Promise<ShardIndex>;
  close(): Promise<void>;
}

export interface RowBookOptions {
  shardSize: number | null | undefined;
  /** An existing folder of this machine, for what memory should not hold. */
  scratch: string;
  nameOf: (place: RowPlace) => string;
  signal: AbortSignal;
}

/** Opens a book of rows. */
export function createRowBook({ shardSize, scratch, nameOf, signal }: RowBookOptions): RowBook {
  const cells = createCells(shardSize);
  const ids = createIdRecords(join(scratch, 'custom-ids'));
  const findId = createIdFinder();
  const sources: string[] = [];
  let origin = 0;
  let source = -1;
  let isFull = false;
  const scanner = createLineScanner((chunk, from, until, end) => {
    const start = end - (until - from);
    cells.add(source, start, end);
    const id = findId(chunk, from, until);
    if (id) isFull = ids.add(id, { origin, line: scanner.line, source, start });
  });
  return {
    get rows() {
      return cells.rows;
    },
    begin(where) {
      origin = where.origin;
      const goesOn = sources.at(-1) === where.location && (where.at ?? 0) > 0;
      if (!goesOn) sources.push(where.location);
      source = sources.length - 1;
      scanner.open(where.location, where.at, where.line ?? scanner.line + 1);
    },
    async push(bytes) {
      for (let from = 0; from < bytes.length; from += turnBytes) {
        signal.throwIfAborted();
        scanner.push(bytes.subarray(from, from + turnBytes));
        if (isFull) await ids.flush();
        isFull = false;
      }
    },
    end: () => scanner.close(),
    async finish() {
      await refuseDuplicates({ ids, sources, nameOf, signal });
      return { sources, shards: cells.shards() };
    },
    close: () => ids.close(),
  };
}
