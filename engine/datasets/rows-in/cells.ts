import { ModelJobError } from '../../../planner/index.js';
import type { Mark, Shard, ShardPart } from '../shards/shard-index.js';

/** Rows that stay together, the units that shards are made of. */
interface Cell {
  rows: number;
  bytes: number;
  parts: MarkedPart[];
}

type MarkedPart = ShardPart & { marks: Mark[] };

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

/** Bytes that a shard's reader holds back until it knows that they are as they were. */
const mostBetweenMarks = 1 << 20;

/** The rows of each shard as the request names them, or as an earlier plan had them one by one; else by the rule. */
export type ShardSizes = number | readonly number[] | null | undefined;

/** Rows on their way into shards. */
export interface Cells {
  readonly rows: number;
  /** The rows that follow are in this source, from `mark` on. */
  begin(source: number, mark: Mark): void;
  /** Adds a row of so many bytes. Returns whether a `cut` has to come before the next row. */
  add(bytes: number): boolean;
  /** Marks a place behind a line. A cell that is full ends there; the rows that follow begin another one. */
  cut(mark: Mark): void;
  /** The shards, once all rows are there and cut. */
  shards(): Shard[];
}

/**
 * Cuts rows into shards by one rule. With sizes of the request's own, or an earlier plan's: so many rows. Else as many rows as leave 16
 * shards, from 100 to 10,000, of at most 64 MB; above 10 million rows or 64 GB, larger ones, so that there are never
 * many more than 2,000.
 */
export function createCells(sizes: ShardSizes): Cells {
  let limit = { rows: cellRows, bytes: cellBytes };
  let cells: Cell[] = [];
  let open: Cell = { rows: 0, bytes: 0, parts: [] };
  /** Where the rows are that come next; it belongs to the cell with its first row. */
  let part: MarkedPart | undefined;
  let partRows = 0;
  let unmarked = 0;
  let rows = 0;
  const isFull = (): boolean => {
    if (sizes == null) return open.rows >= limit.rows || open.bytes >= limit.bytes;
    return open.rows >= (typeof sizes === 'number' ? sizes : (sizes[cells.length] ?? Infinity));
  };
  const close = (): void => {
    cells.push(open);
    open = { rows: 0, bytes: 0, parts: [] };
    if (typeof sizes === 'number') refuseTooMany(cells.length, sizes);
    else if (sizes == null && cells.length >= mostCells) {
      cells = inPairs(cells);
      limit = { rows: 2 * limit.rows, bytes: 2 * limit.bytes };
    }
  };
  const begin = (source: number, mark: Mark): void => {
    part = { source, start: mark[0], end: mark[0], marks: [mark] };
    partRows = 0;
    unmarked = 0;
  };
  return {
    get rows() {
      return rows;
    },
    begin,
    add(bytes) {
      if (part && partRows === 0) open.parts.push(part);
      partRows += 1;
      rows += 1;
      open.rows += 1;
      open.bytes += bytes;
      unmarked += bytes;
      return isFull() || unmarked >= mostBetweenMarks;
    },
    cut(mark) {
      if (!part) return;
      part.end = mark[0];
      addMark(part.marks, mark);
      unmarked = 0;
      if (!isFull()) return;
      close();
      begin(part.source, mark);
    },
    shards() {
      if (open.rows > 0) close();
      return numbered(sizes == null ? joinByRule(cells) : cells);
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
    if (last?.source !== part.source) cell.parts.push(part);
    else {
      last.end = part.end;
      part.marks.slice(1).forEach((mark) => addMark(last.marks, mark));
    }
  }
}

/** The mark before is left out where its neighbours are near each other. */
function addMark(marks: Mark[], mark: Mark): void {
  const before = marks.at(-2);
  if (before && mark[0] - before[0] <= mostBetweenMarks) marks.pop();
  marks.push(mark);
}

function numbered(cells: readonly Cell[]): Shard[] {
  let firstRow = 0;
  return cells.map(({ rows, parts }) => {
    const shard = { firstRow, rows, parts };
    firstRow += rows;
    return shard;
  });
}
