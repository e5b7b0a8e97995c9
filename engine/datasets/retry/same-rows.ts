import { ModelJobError } from '../../../planner/index.js';
import { nameOfRow, readRowChecks, readShardRows } from '../rows-in/index.js';
import type { Shard, ShardIndex } from '../shards/shard-index.js';
import { readBaseShard } from './base-shard.js';
import { readMended, writeMended } from './mended-rows.js';

/** A batch, and the plan of its inputs as they are now; both plans have shards of the same sizes. */
export interface MendedInputs {
  /** The batch's folder. */
  base: string;
  before: ShardIndex;
  now: ShardIndex;
}

/**
 * Holds inputs that were mended in place against what the batch saw: each row that has succeeded must be what and where
 * it was, rows that have not may be any.
 *
 * @throws ModelJobError `IntegrityError` that names the first row which is another one
 */
export async function refuseOtherRows({ base, before, now }: MendedInputs, signal: AbortSignal): Promise<void> {
  const [had, has] = [rowsOf(before), rowsOf(now)];
  if (had !== has) throw otherInputs(`the inputs had ${had} rows when the batch was planned, and have ${has} now`);
  for (const [shard, place] of before.shards.entries()) {
    const done = await readBaseShard(base, shard, signal);
    if (!done) continue;
    const [old, checks] = await checksOf([before, now], place, signal);
    const failed = new Set(done.failed.map(({ place: row }) => row));
    const other = old?.findIndex((check, row) => !failed.has(row) && check !== checks?.[row]) ?? 0;
    if (other !== -1) throw await otherRow(now, shard, other, signal);
  }
}

/**
 * Forgets the mended rows that a retry took over where the inputs have been mended since: the later word counts.
 *
 * @param folder of the retry
 */
export async function forgetOverruled(
  { folder, before, now }: Omit<MendedInputs, 'base'> & { folder: string },
  signal: AbortSignal,
): Promise<void> {
  for (const [shard, place] of now.shards.entries()) {
    const mended = await readMended(folder, shard, signal);
    if (mended.size === 0) continue;
    const [old, checks] = await checksOf([before, now], place, signal);
    const valid = [...mended].filter(([at]) => old?.[at] === checks?.[at]);
    if (valid.length < mended.size) await writeMended(folder, shard, new Map(valid), signal);
  }
}

function checksOf(indexes: readonly ShardIndex[], place: Shard, signal: AbortSignal): Promise<number[][]> {
  return Promise.all(indexes.map((index) => readRowChecks(index.checks ?? '', place, signal)));
}

function rowsOf({ shards }: ShardIndex): number {
  return shards.reduce((sum, { rows }) => sum + rows, 0);
}

async function otherRow(now: ShardIndex, shard: number, at: number, signal: AbortSignal): Promise<ModelJobError> {
  const index = (now.shards[shard]?.firstRow ?? 0) + at;
  for await (const [row] of readShardRows(now, shard, { skip: at, signal })) {
    const name = row ? ` (${nameOfRow(row)})` : '';
    return otherInputs(`row ${index}${name} has succeeded, and is not what it was when the batch was planned`);
  }
  return otherInputs(`row ${index} is gone`);
}

function otherInputs(problem: string): ModelJobError {
  const advice = 'only rows that failed may be mended in place; others come with `retry-failed --input`';
  return new ModelJobError('IntegrityError', `${problem}: ${advice}`);
}
