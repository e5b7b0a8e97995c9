import { runInThread } from '../../../system/threads/run-in-thread.js';
import type { ShardIndex } from '../shards/shard-index.js';
import { planDataSet, type DataSet, type PlanContext } from './plan-data-set.js';

export type { DataSet, PlanContext } from './plan-data-set.js';
export type { ShardSizes } from './cells.js';
export { inputSources } from './input-files.js';
export { removeUnused } from './remove-unused.js';
export { readShardRows } from './read-shard.js';
export { areCopiesCurrent, refuseChanges } from './same-source.js';
export { nameOfRow, type SourceRow } from './source-row.js';
export { customIdOf } from './custom-id.js';
export { readRowChecks } from './row-checks.js';

/** Up to so many bytes are read sooner than a thread starts. */
const smallBytes = 1 << 20;

/** `planDataSet`, on a thread of its own where there is much to read. */
export function planInThread(dataSet: DataSet, { signal, report }: PlanContext): Promise<ShardIndex> {
  if (bytesOf(dataSet) <= smallBytes) return planDataSet(dataSet, { signal, report });
  return runInThread(new URL('./plan-thread.js', import.meta.url), dataSet, { signal, onReport: report });
}

/** The bytes of all files of a data set, compressed as they are. */
export function bytesOf({ sources }: Pick<DataSet, 'sources'>): number {
  return sources.reduce((sum, source) => sum + ('inline' in source ? 0 : source.sizeBytes), 0);
}
