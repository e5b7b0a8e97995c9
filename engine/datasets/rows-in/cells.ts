import { ModelJobError } from '../../../planner/index.js';
import type { Shard, ShardPart } from '../shards/shard-index.js';

/** Rows that stay together, the units that shards are made of. */
interface Cell {
  rows: number;
  bytes: number;
  parts: ShardPart[];
}

/** The smallest and largest shard that is chosen where the request names no size, in rows. */
const leastRows = 100;
const mostRows = 10_000;

/** The most bytes of rows in a shard. */
const mostBytes = 64 << 20;

/** How many shards a data set should have at least, where its rows allow it. */
const wantedShards = 16;

/** Above so many shards by rows, or by bytes, shards grow: each costs the workflow an activity. */
const manyShards = 1000;

/** The most shards that a size of the request's own may give. */
const mostShards = 100_000;

/** Where a cell ends. Both double when there are too many cells, so that a data set of any size takes little memory. */
const cellRows = 100;
const cellBytes = 1 << 20;
const mostCells = 32_768;

/** Rows on their way into shards. */
export interface Cells {
  readonly rows: number;
  /** Adds a row: its bytes in a source. */
  add(source: number, start: number, end: number): void;
  /** The shards, once all rows are there. */
  shards(): Shard[];
}

/**
 * Cuts rows into shards by one rule. With a size of the request's own: that many rows. Else as many rows as leave 16
 * shards, from 100 to 10,000, of at most 64 MB; above 10 million rows or 64 GB, larger ones, so that there are never
 * many more than 2,000.
 */
export function createCells(shardSize: number | null | undefined): Cells {
  let limit = { rows: shardSize ?? cellRows, bytes: shardSize == null ? cellBytes : Infinity };
  let cells: Cell[] = [];
  let open: Cell = { rows: 0, bytes: 0, parts: [] };
  let rows = 0;
  const close = (): void => {
    cells.push(open);
    open = { rows: 0, bytes: 0, parts: [] };
    if (shardSize != null) refuseTooMany(cells.length, shardSize);
    else if (cells.length >= mostCells) {
      cells = inPairs(cells);
      limit = { rows: 2 * limit.rows, bytes: 2 * limit.bytes };
    }
  };
  return {
    get rows() {
      return rows;
    },
    add(source, start, end) {
      const part = open.parts[open.parts.length - 1];
      if (part?.source === source) part.end = end;
      else open.parts.push({ source, start, end });
      rows += 1;
      open.rows += 1;
      open.bytes += end - start;
      if (open.rows >= limit.rows || open.bytes >= limit.bytes) close();
    },
    shards() {
      if (open.rows > 0) close();
      return numbered(shardSize == null ? joinByRule(cells) : cells);
    },
  };
}

function refuseTooMany(shards: number, shardSize: number): void {
  if (shards <= mostShards) return;
  throw new ModelJobError(
    'ResourceLimit',
    `options.batch.shardSize ${shardSize} cuts the data set into more than ${mostShards} shards: leave it out or name more rows`,
  );
}

function inPairs(cells: readonly Cell[]): Cell[] {
  return cells.reduce<Cell[]>((pairs, cell, at) => {
    const last = pairs.at(-1);
    if (last && at % 2 === 1) addTo(last, cell);
    else pairs.push(cell);
    return pairs;
  }, []);
}

function joinByRule(cells: readonly Cell[]): Cell[] {
  const rows = cells.reduce((sum, cell) => sum + cell.rows, 0);
  const bytes = cells.reduce((sum, cell) => sum + cell.bytes, 0);
  const wanted = Math.min(Math.max(Math.ceil(rows / wantedShards), leastRows), mostRows);
  return join(
    cells,
    Math.max(wanted, Math.ceil(rows / manyShards)),
    Math.max(mostBytes, Math.ceil(bytes / manyShards)),
  );
}

/** Joins neighbours until one has the rows, and before it has too many bytes. */
function join(cells: readonly Cell[], rows: number, bytes: number): Cell[] {
  const joined: Cell[] = [];
  for (const cell of cells) {
    const last = joined.at(-1);
    const fits =
      last && last.rows < rows && last.rows + cell.rows <= Math.max(mostRows, rows) && last.bytes + cell.bytes <= bytes;
    if (fits) addTo(last, cell);
    else joined.push(cell);
  }
  return joined;
}

/** Both are used up: cells are joined in place. */
function addTo(cell: Cell, next: Cell): void {
  cell.rows += next.rows;
  cell.bytes += next.bytes;
  for (const part of next.parts) {
    const last = cell.parts.at(-1);
    if (last?.source === part.source) last.end = part.end;
    else cell.parts.push(part);
  }
}

function numbered(cells: readonly Cell[]): Shard[] {
  let firstRow = 0;
  return cells.map(({ rows, parts }) => {
    const shard = { firstRow, rows, parts };
    firstRow += rows;
    return shard;
  });
}
