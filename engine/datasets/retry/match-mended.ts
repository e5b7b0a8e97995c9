import { ModelJobError } from '../../../planner/index.js';
import { customIdOf, nameOfRow, readShardRows, type SourceRow } from '../rows-in/index.js';
import { lengthOfRow } from '../../models/contract/row-text.js';
import type { ShardIndex } from '../shards/shard-index.js';
import { readBaseShard, type FailedRow } from './base-shard.js';
import { nameOfKey, readMendedRow, refusal, withCustomId, type MendedRow } from './mended-row.js';
import { readMended, writeMended } from './mended-rows.js';

/** The most text of mended rows, in characters: they are held in memory until their shards are known. */
const mostText = 64 << 20;

/** How many problems an error lists. */
const mostListed = 10;

/** A batch whose failed rows are run again, and the retry's folder. */
export interface Retry {
  base: string;
  folder: string;
  index: ShardIndex;
}

/**
 * Puts mended rows in the places of rows that failed, shard by shard, before those that are there. A mended row has the
 * `custom_id` of the row whose place it takes.
 *
 * @throws ModelJobError `InvalidArgument` for rows of which none failed, `ResourceLimit` for more than memory holds
 */
export async function placeMended(
  { base, folder, index }: Retry,
  rows: AsyncIterable<SourceRow[]>,
  signal: AbortSignal,
): Promise<void> {
  const left = await keyed(rows);
  const unfinished: number[] = [];
  const place = async (shard: number, failed: readonly FailedRow[]): Promise<void> => {
    const taken = take(left, index, shard, failed);
    if (taken.size > 0)
      await writeMended(folder, shard, new Map([...(await readMended(folder, shard, signal)), ...taken]), signal);
  };
  for (const shard of index.shards.keys()) {
    if (left.size === 0) return;
    const done = await readBaseShard(base, shard, signal);
    if (done) await place(shard, done.failed);
    else unfinished.push(shard);
  }
  for (const shard of unfinished) if (left.size > 0) await place(shard, await rowsOf(index, shard, signal));
  refuseLeft([...left.values()]);
}

async function keyed(groups: AsyncIterable<SourceRow[]>): Promise<Map<string, MendedRow>> {
  const mended = new Map<string, MendedRow>();
  let text = 0;
  for await (const rows of groups) {
    for (const row of rows) {
      const one = readMendedRow(row);
      const key = nameOfKey(one.key);
      const other = mended.get(key);
      if (other) throw refusal(row, `${key} is mended in ${nameOfRow(other.row)} already`);
      mended.set(key, one);
      text += lengthOfRow(row.text);
    }
    if (text <= mostText) continue;
    const problem = `the mended rows have more than ${mostText} characters: mend them where they are, in the inputs`;
    throw new ModelJobError('ResourceLimit', problem);
  }
  return mended;
}

/** Takes those out whose rows are among these, by their places. */
function take(
  left: Map<string, MendedRow>,
  index: ShardIndex,
  shard: number,
  failed: readonly FailedRow[],
): Map<number, SourceRow> {
  const firstRow = index.shards[shard]?.firstRow ?? 0;
  const taken = new Map<number, SourceRow>();
  for (const { place, customId } of failed) {
    const keys = [nameOfKey({ index: firstRow + place }), ...(customId === undefined ? [] : [nameOfKey({ customId })])];
    for (const key of keys) {
      const mended = left.get(key);
      if (!mended) continue;
      const other = taken.get(place);
      if (other) throw refusal(mended.row, `${key} is mended in ${nameOfRow(other)} already`);
      taken.set(place, withCustomId(mended.row, customId));
      left.delete(key);
    }
  }
  return taken;
}

/** All rows of a shard that was not finished. */
async function rowsOf(index: ShardIndex, shard: number, signal: AbortSignal): Promise<FailedRow[]> {
  const found: FailedRow[] = [];
  for await (const rows of readShardRows(index, shard, { signal })) {
    for (const { text } of rows) {
      found.push({ place: found.length, customId: typeof text === 'string' ? customIdOf(text) : text.customId });
    }
  }
  return found;
}

function refuseLeft(left: readonly MendedRow[]): void {
  const problems = left.slice(0, mostListed).map(({ key, row }) => ({
    path: nameOfRow(row),
    message: 'index' in key ? `${nameOfKey(key)} has not failed` : `no row of ${nameOfKey(key)} has failed`,
  }));
  const [first] = problems;
  if (!first) return;
  const more = left.length === 1 ? '' : ` (and ${left.length - 1} more)`;
  throw new ModelJobError('InvalidArgument', `${first.path}: ${first.message}${more}`, { problems });
}
