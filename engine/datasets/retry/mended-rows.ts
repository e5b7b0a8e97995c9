import { z } from 'zod';
import { ModelJobError, parseStored } from '../../../planner/index.js';
import { linesIn } from '../../../system/files/lines.js';
import { below, openFolder } from '../../storage/index.js';
import type { SourceRow } from '../rows-in/index.js';
import { shardName } from '../shards/shard-index.js';

/** Rows of a shard that take the places of others, by their places in the shard, from 0. */
export type MendedRows = ReadonlyMap<number, SourceRow>;

const lineSchema = z.object({
  at: z.int().min(0),
  file: z.string(),
  place: z.union([z.int(), z.string()]),
  text: z.string(),
});

const prefix = 'mended/';

/** Keeps the mended rows of a shard in a retry's folder. */
export async function writeMended(folder: string, shard: number, rows: MendedRows, signal: AbortSignal): Promise<void> {
  const lines = [...rows].map(([at, row]) => `${JSON.stringify({ at, ...row })}\n`);
  await openFolder(folder).write(prefix + shardName(shard), [Buffer.from(lines.join(''))], signal);
}

/** Takes the mended rows of a batch over, which is a retry itself. */
export async function inheritMended(base: string, folder: string, signal: AbortSignal): Promise<void> {
  const [from, to] = [openFolder(base), openFolder(folder)];
  for await (const { name } of from.list(`${prefix}shards/`, signal)) {
    await to.write(name, from.read(name, { signal }), signal);
  }
}

/** The mended rows of a shard; none where there are none. */
export async function readMended(folder: string, shard: number, signal: AbortSignal): Promise<MendedRows> {
  const mended = new Map<number, SourceRow>();
  const name = prefix + shardName(shard);
  try {
    for await (const lines of linesIn(openFolder(folder).read(name, { signal }))) {
      for (const line of lines) {
        const { at, ...row } = parseStored(lineSchema, line, below(folder, name), 'list of mended rows');
        mended.set(at, row);
      }
    }
  } catch (error) {
    if (!(error instanceof ModelJobError && error.code === 'NotFound')) throw error;
  }
  return mended;
}
