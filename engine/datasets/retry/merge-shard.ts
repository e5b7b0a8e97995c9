import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ShardFacts, ShardPlan } from '../../../planner/index.js';
import { openFolder } from '../../storage/index.js';
import { linesOf } from '../../../system/files/lines.js';
import { shardName } from '../shards/shard-index.js';
import type { BaseShard } from './base-shard.js';

/** Takes over a shard that has no failed row. */
export async function copyShard(
  base: BaseShard,
  { folder }: ShardPlan,
  shard: number,
  signal: AbortSignal,
): Promise<ShardFacts> {
  await openFolder(folder).write(shardName(shard), bytesOf(base.lines(signal)), signal);
  return { shard, succeeded: base.kept, failed: 0 };
}

/**
 * Writes a whole shard beside `path`: the lines that it had, those of failed rows replaced by what they came to now.
 *
 * @param path the lines of the rows that were run again, in order; its name is its attempt's own
 */
export async function mergeShard(base: BaseShard, path: string, signal: AbortSignal): Promise<string> {
  // Not `.part`: a later attempt must not take it for rows that were run again.
  const target = `${path}.merged`;
  await pipeline(mergedLines(base, path, signal), createWriteStream(target, { flush: true, flags: 'wx' }), { signal });
  return target;
}

async function* bytesOf(groups: AsyncIterable<string[]>): AsyncGenerator<Buffer> {
  for await (const lines of groups) yield Buffer.from(`${lines.join('\n')}\n`);
}

async function* mergedLines(base: BaseShard, path: string, signal: AbortSignal): AsyncGenerator<string> {
  const again = eachLine(linesOf(path, { signal }));
  let at = 0;
  let next = 0;
  for await (const group of base.lines(signal)) {
    const merged: string[] = [];
    for (const line of group) {
      merged.push(at++ === base.failed[next]?.place ? await again(next++) : line);
    }
    yield `${merged.join('\n')}\n`;
  }
}

/** Gives line after line. */
function eachLine(groups: AsyncGenerator<string[]>): (at: number) => Promise<string> {
  let lines: string[] = [];
  let from = 0;
  return async (at) => {
    while (at - from >= lines.length) {
      const group: IteratorResult<string[], unknown> = await groups.next();
      if (group.done) throw new Error(`row ${at} that was run again has no line`);
      from += lines.length;
      lines = group.value;
    }
    return lines[at - from] ?? '';
  };
}
