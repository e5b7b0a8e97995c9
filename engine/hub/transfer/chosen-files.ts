import { readFile } from 'node:fs/promises';
import {
  chooseFiles,
  isShardIndex,
  ModelJobError,
  namedPaths,
  needsListing,
  shardsOf,
  type FileSelection,
} from '../../../planner/index.js';
import type { HashRecord } from '../../../system/hashing/index.js';
import type { Work } from '../../workspace/work.js';
import { cachedFile } from '../cache/cached-files.js';
import type { CachedRepo } from '../cache/cached-repo.js';
import type { HubClient, Listing } from '../hub-client.js';
import type { HubFile } from '../hub-file.js';
import type { RangeReader } from '../range-reader.js';
import { retrying } from '../retry.js';
import { contentHash } from './content-hash.js';

/** The longest index of shards that is read, in bytes. */
const mostIndexBytes = 64 << 20;

/** Where a selection's files are looked for. */
export interface Choice {
  client: HubClient;
  reader: RangeReader;
  repo: CachedRepo;
  repoId: string;
  commit: string;
  selection: FileSelection;
  /** What the source is called, for messages. */
  source: string;
  hashes: HashRecord;
}

/** What a selection chooses of a commit. */
export interface ChosenFiles {
  files: HubFile[];
  /** Paths that the selection names and the commit does not have. */
  absent: string[];
  /** All files of the commit, where they were asked for. */
  listing?: Listing;
}

/**
 * The files that a selection chooses of a commit, with the shards that indexes among them name. An index that is not in
 * the cache is read into memory.
 *
 * @throws ModelJobError `NotFound` that names the file or the pattern, `IntegrityError` for an index of wrong bytes
 */
export async function chosenFiles(choice: Choice, work: Work): Promise<ChosenFiles> {
  const { client, repoId, commit, selection, source } = choice;
  const asked = namedPaths(selection);
  const listing = needsListing(selection) ? await client.list(repoId, commit) : undefined;
  const known = new Map<string, HubFile>();
  const learn = (files: readonly HubFile[]): void => files.forEach((file) => known.set(file.path, file));
  learn(listing?.files ?? (await client.files(repoId, commit, asked)));
  const filesOf = async (paths: readonly string[]): Promise<HubFile[]> => {
    const unknown = paths.filter((path) => !known.has(path));
    if (unknown.length > 0) learn(await client.files(repoId, commit, unknown));
    return chooseFiles({ requests: paths.map((required) => ({ required })) }, new Set(known.keys()), source).flatMap(
      (path) => known.get(path) ?? [],
    );
  };
  const there = new Set(listing?.paths ?? known.keys());
  const files = new Map((await filesOf(chooseFiles(selection, there, source))).map((file) => [file.path, file]));
  for (const index of [...files.values()].filter(({ path }) => isShardIndex(path))) {
    const shards = shardsOf(index.path, await textOf(choice, index, work), selection);
    for (const shard of await filesOf(shards)) files.set(shard.path, shard);
  }
  const absent = asked.filter((path) => !there.has(path));
  return { files: [...files.values()], absent, ...(listing ? { listing } : {}) };
}

async function textOf({ repo, commit, reader, hashes }: Choice, file: HubFile, work: Work): Promise<string> {
  const cached = await cachedFile(repo, commit, file.path, { hashes, work: { ...work, report: () => undefined } });
  if (cached) return readFile(cached.path, 'utf8');
  if (file.size > mostIndexBytes) {
    throw new ModelJobError(
      'ResourceLimit',
      `\`${file.path}\` has ${file.size} bytes, too many for an index of shards`,
    );
  }
  return retrying(work.signal, async () => {
    const chunks: Buffer[] = [];
    await reader.read(file, { start: 0, end: file.size }, (chunk) => void chunks.push(Buffer.from(chunk)), work.signal);
    const { algorithms, etag } = file;
    if (algorithms.length === 0 || algorithms.some((name) => contentHash(file, name, chunks) === etag)) {
      return Buffer.concat(chunks).toString('utf8');
    }
    throw new ModelJobError('IntegrityError', `the hub sent wrong bytes for \`${file.path}\``);
  });
}
