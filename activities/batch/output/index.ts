import { runInThread } from '../../thread/run-in-thread.js';
import { putTogether, type Shards, type Together, type TogetherContext } from './put-together.js';

export type { TogetherFile } from './put-together.js';
export { isShardPublished, publishedShards, publishShard, shardWorkPath } from './shards.js';

/** Up to so many bytes are put together sooner than a thread starts. */
const smallBytes = 1 << 20;

/** `putTogether`, on a thread of its own where there is much to read. */
export function putTogetherInThread(
  shards: Shards,
  sizeBytes: number,
  { signal, report }: TogetherContext,
): Promise<Together> {
  if (sizeBytes <= smallBytes) return putTogether(shards, { signal, report });
  return runInThread(new URL('./together-thread.js', import.meta.url), shards, { signal, onReport: report });
}
