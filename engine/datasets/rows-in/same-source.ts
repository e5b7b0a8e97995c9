import pLimit from 'p-limit';
import { openFile, type FileVersion } from '../../storage/index.js';
import type { ShardIndex } from '../shards/shard-index.js';
import { changed, checkedBytes } from './checked-bytes.js';

/** Versions that are not the planned ones, but were read and found to hold the same rows; forgotten when they are many. */
const foundSame = new Set<string>();
const mostFound = 10_000;

/** How many sources are looked at at once. */
const lookedAtOnce = 16;

/**
 * Refuses a source that is not the one which was planned. One that was only touched, or put back, is read as a whole
 * once and held against the plan. A source that is gone is for its reader to tell of.
 *
 * @param number of the source in the index
 * @throws ModelJobError `IntegrityError` that says what is different
 */
export async function refuseChange(index: ShardIndex, number: number, signal: AbortSignal): Promise<void> {
  const source = index.sources[number];
  if (!source?.version) return;
  const { location, version } = source;
  const { folder, name } = openFile(location);
  const now = await folder.versionOf(name, signal);
  if (!now || areEqual(now, version)) return;
  if (now.sizeBytes !== version.sizeBytes) {
    throw changed(location, `it has ${now.sizeBytes} bytes and had ${version.sizeBytes}`);
  }
  const key = JSON.stringify([location, now, version]);
  if (foundSame.has(key)) return;
  await checkAll(index, number, signal);
  if (foundSame.size >= mostFound) foundSame.clear();
  foundSame.add(key);
}

/** As {@link refuseChange}, for all sources. */
export async function refuseChanges(index: ShardIndex, signal: AbortSignal): Promise<void> {
  const limit = pLimit(lookedAtOnce);
  await Promise.all(index.sources.map((_, number) => limit(() => refuseChange(index, number, signal))));
}

/** Whether the files that rows were copied from are still those; one that is gone is, as its copy is all that is left. */
export async function areCopiesCurrent({ sources }: ShardIndex, signal: AbortSignal): Promise<boolean> {
  for (const { copyOf } of sources) {
    if (!copyOf?.version) continue;
    const { folder, name } = openFile(copyOf.location);
    const now = await folder.versionOf(name, signal);
    if (now && !areEqual(now, copyOf.version)) return false;
  }
  return true;
}

/** Whether two versions of a file are one. */
export function areEqual(one: FileVersion, other: FileVersion): boolean {
  return (
    one.sizeBytes === other.sizeBytes &&
    one.modifiedMs === other.modifiedMs &&
    one.inode === other.inode &&
    one.etag === other.etag &&
    one.versionId === other.versionId
  );
}

async function checkAll({ sources, shards }: ShardIndex, number: number, signal: AbortSignal): Promise<void> {
  const source = sources[number] ?? { location: '' };
  const parts = shards.flatMap((shard) => shard.parts.filter((part) => part.source === number));
  for (const part of parts) {
    for await (const _ of checkedBytes(source, part, signal)) signal.throwIfAborted();
  }
}
