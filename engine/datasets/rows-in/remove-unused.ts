import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { below, openFolder } from '../../storage/index.js';
import type { ShardIndex } from '../shards/shard-index.js';

/**
 * Removes what attempts left that did not come to an index: killed ones, and one that was given up and still works,
 * whose plan nobody needs any more.
 *
 * @param scratch the folder of this machine that plans use
 */
export async function removeUnused(
  folder: string,
  scratch: string,
  { sources, checks }: ShardIndex,
  signal: AbortSignal,
): Promise<void> {
  const locations = new Set([checks, ...sources.map(({ location }) => location)]);
  const batch = openFolder(folder);
  for (const prefix of ['rows-', 'checks-']) {
    for await (const { name } of batch.list(prefix, signal)) {
      if (!locations.has(below(folder, name))) await batch.remove(name, signal);
    }
  }
  const names = await readdir(scratch).catch(() => []);
  const plans = names.filter((name) => /^plan-[0-9a-f]{8}$/.test(name));
  await Promise.all(plans.map((name) => rm(join(scratch, name), { recursive: true, force: true })));
}
