import { runInThread } from '../../../system/threads/run-in-thread.js';
import { mergeShards, type Shards, type Merged, type MergeContext } from './merge-shards.js';

export { type MergedFile, type OutputFormat } from './merge-shards.js';
export { publishedShards } from '../shards/published-shards.js';

/** Up to so many bytes are put together sooner than a thread starts. */
const smallBytes = 1 << 20;

/** `mergeShards`, on a thread of its own where there is much to read. */
export function mergeShardsInThread(
  shards: Shards,
  sizeBytes: number,
  { signal, report }: MergeContext,
): Promise<Merged> {
  if (sizeBytes <= smallBytes) return mergeShards(shards, { signal, report });
  return runInThread(new URL('./merge-thread.js', import.meta.url), shards, { signal, onReport: report });
}
