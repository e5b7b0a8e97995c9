import { join } from 'node:path';
import { createLineScanner } from '../../../system/files/line-scanner.js';
import { createRunningHash } from '../shards/running-hash.js';
import type { RowSource, ShardIndex } from '../shards/shard-index.js';
import { createCells, type ShardSizes } from './cells.js';
import { createIdFinder } from './custom-id.js';
import { refuseDuplicates } from './duplicates.js';
import { createIdRecords } from './id-records.js';
import { createRowChecks, type RowChecks } from './row-checks.js';
import { mostRowBytes } from './source-row.js';
import { objectIn } from './staged-row.js';

/** Bytes that are looked at in one go: others have their turn in between. */
const turnBytes = 1 << 18;

/** Where the bytes that follow are. */
export interface Begin {
  /** The number of the caller's file, for messages. */
  origin: number;
  /** The file of lines that holds the bytes. */
  source: RowSource;
  /** The byte of that file that comes next. Default: the first. */
  at?: number;
  /** The line of the caller's file that comes next, from 1. Default: the one after the last. */
  line?: number;
}

/** Counts the rows of a data set as their bytes go by, and cuts them into shards. Its memory does not grow with them. */
export interface RowCounter {
  readonly rows: number;
  readonly checks: RowChecks;
  /** What was pushed before ends here; its last line may have no line break. */
  begin(where: Begin): void;
  /** Takes bytes, whatever lines they hold or cut. */
  push(bytes: Buffer): Promise<void>;
  /**
   * The shards of all rows.
   *
   * @throws ModelJobError `InvalidArgument` when two rows have one `custom_id`
   */
  finish(): Promise<ShardIndex>;
  close(): Promise<void>;
}

export interface RowCounterOptions {
  sizes: ShardSizes;
  /** An existing folder of this machine, for what memory should not hold. */
  scratch: string;
  signal: AbortSignal;
}

/** Begins to count. */
export function createRowCounter({ sizes, scratch, signal }: RowCounterOptions): RowCounter {
  const cells = createCells(sizes);
  const ids = createIdRecords(join(scratch, 'custom-ids'));
  const findId = createIdFinder();
  const checks = createRowChecks(join(scratch, 'row-checks'));
  const hash = createRunningHash();
  const sources: RowSource[] = [];
  let origin = 0;
  let isStaged = false;
  let isFull = false;
  const scanner = createLineScanner((chunk, from, until, sizeBytes) => {
    const isCut = cells.add(sizeBytes);
    const { line, start } = scanner;
    const rowFrom = isStaged ? objectIn(chunk, from, until) : from;
    checks.add(chunk, rowFrom, until);
    const id = findId(chunk, rowFrom, until);
    if (id) isFull = ids.add(id, { origin, line, source: sources.length - 1, start });
    if (isCut) cut();
  }, mostRowBytes);
  const cut = (): void => cells.cut([scanner.next, hash.upTo(scanner.next), scanner.line + 1]);

  async function pushTurn(bytes: Buffer): Promise<void> {
    signal.throwIfAborted();
    hash.push(bytes);
    scanner.push(bytes);
    if (isFull) await ids.flush();
    isFull = false;
    await checks.flush();
  }

  function end(): void {
    scanner.close();
    cut();
  }

  return {
    get rows() {
      return cells.rows;
    },
    checks,
    begin({ origin: next, source, at = 0, line = scanner.line + 1 }) {
      if (sources.length > 0) end();
      origin = next;
      sources.push(source);
      isStaged = source.copyOf?.form === 'rows';
      scanner.open(at, line, source.copyOf === undefined);
      hash.open(at);
      cells.begin(sources.length - 1, [at, 0, line]);
    },
    async push(bytes) {
      for (let from = 0; from < bytes.length; from += turnBytes) await pushTurn(bytes.subarray(from, from + turnBytes));
    },
    async finish() {
      if (sources.length > 0) end();
      if (isFull) await ids.flush();
      await refuseDuplicates({ ids, sources, signal });
      return { sources, shards: cells.shards() };
    },
    async close() {
      await ids.close();
      await checks.close();
    },
  };
}
