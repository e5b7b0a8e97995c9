import { readShardRows, type SourceRow } from '../rows-in/index.js';
import type { ShardIndex } from '../shards/shard-index.js';
import type { BaseShard } from './base-shard.js';
import type { MendedRows } from './mended-rows.js';

/** A shard of a batch, or of a retry. */
export interface ShardRows {
  index: ShardIndex;
  shard: number;
  /** What an earlier batch made of it: only the rows that failed are run. */
  base: BaseShard | undefined;
  /** Rows that take the places of others. */
  mended: MendedRows;
}

/**
 * The rows of a shard that are to be run, without the first `skip` of them. Inputs are not read where all of them are
 * mended: they may be gone.
 */
export function rowsToRun(
  { index, shard, base, mended }: ShardRows,
  skip: number,
  signal: AbortSignal,
): AsyncIterable<SourceRow[]> | Iterable<SourceRow[]> {
  if (!base) return withMended(readShardRows(index, shard, { skip, signal }), skip, mended, (place) => place);
  const placeOf = (at: number): number => base.failed[at]?.place ?? -1;
  if (base.failed.every(({ place }) => mended.has(place))) return onlyMended(base, skip, mended);
  const failed = failedRows(readShardRows(index, shard, { signal }), base, skip);
  return withMended(failed, skip, mended, placeOf);
}

/** @param placeOf the place in the shard of the row that is run at a place */
async function* withMended(
  groups: AsyncIterable<SourceRow[]>,
  skip: number,
  mended: MendedRows,
  placeOf: (at: number) => number,
): AsyncGenerator<SourceRow[]> {
  let at = skip;
  for await (const rows of groups) yield mended.size === 0 ? rows : rows.map((row) => mended.get(placeOf(at++)) ?? row);
}

/** Nothing is read: the rows are here. */
function onlyMended({ failed }: BaseShard, skip: number, mended: MendedRows): SourceRow[][] {
  return [failed.slice(skip).flatMap(({ place }) => mended.get(place) ?? [])];
}

async function* failedRows(
  groups: AsyncIterable<SourceRow[]>,
  { failed }: BaseShard,
  skip: number,
): AsyncGenerator<SourceRow[]> {
  let at = 0;
  let next = skip;
  for await (const rows of groups) {
    const wanted: SourceRow[] = [];
    for (let row = failed[next]; row && row.place < at + rows.length; row = failed[++next]) {
      wanted.push(...rows.slice(row.place - at, row.place - at + 1));
    }
    at += rows.length;
    if (wanted.length > 0) yield wanted;
  }
}
