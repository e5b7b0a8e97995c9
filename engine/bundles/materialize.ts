import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { ModelJobError } from '../../planner/index.js';
import { hashThreads, sha256OfFile, type HashRecord } from '../../system/hashing/index.js';
import type { SourceFile } from '../hub/repo-files.js';
import type { Work } from '../workspace/work.js';
import { localPathOf } from './bundle-path.js';
import { digestOf, findFolder, makeFolder, type ModelFile, type ModelFolder } from './model-folder.js';
import { placeFile } from './place-file.js';

/** Files that are placed at once; those that are hashed share the threads. */
const filesAtOnce = Math.max(16, hashThreads);

export interface Materialize {
  home: string;
  files: readonly SourceFile[];
  /** What is known of the sources. */
  hashes: HashRecord;
  /** Whether it is made again where it is there; default: not. */
  again?: boolean;
  /** Whether some were fetched just now; default: not. */
  fetched?: boolean;
}

/**
 * The folder of a model of these files, made where it is not there. Safe for many workers on one home.
 *
 * @throws ModelJobError `InvalidArgument` for a name that leads out of the folder, `IntegrityError` (may pass) for a
 *   source that changes meanwhile
 */
export async function materialize(
  { home, files, hashes, again = false, fetched = false }: Materialize,
  work: Work,
): Promise<ModelFolder> {
  const there = again ? undefined : await thereAlready(home, files);
  const folder = there ?? (await makeOf({ home, files, hashes, again }, work));
  // What was fetched has its hash; a new link changes a file's inode, and no byte.
  if (fetched || !there) await rememberBlobs(files, hashes);
  return folder;
}

async function rememberBlobs(files: readonly SourceFile[], hashes: HashRecord): Promise<void> {
  await Promise.all(
    files.map(async ({ path, sha256, linkable }) => linkable && sha256 && hashes.remember(path, sha256)),
  );
}

function makeOf({ home, files, hashes, again = false }: Materialize, work: Work): Promise<ModelFolder> {
  const localPaths = new Map(files.map((file) => [file, localPathOf(file.remotePath).slice('files/'.length)]));
  const total = Math.max(
    files.reduce((sum, { size }) => sum + size, 0),
    1,
  );
  let completed = 0;
  const limit = pLimit(filesAtOnce);
  const fill = async (directory: string): Promise<ModelFolder['files']> => {
    const entries = await Promise.all(
      files.map((file) =>
        limit(async () => {
          work.signal.throwIfAborted();
          const placed = await place(file, join(directory, localPaths.get(file) ?? ''), hashes, work.signal);
          completed += file.size;
          work.report({ completed, total, unit: 'bytes', message: `placing ${file.remotePath}` });
          return [file.remotePath, placed] as const;
        }),
      ),
    );
    return Object.fromEntries(entries);
  };
  return makeFolder(home, fill, { again, signal: work.signal });
}

async function thereAlready(home: string, files: readonly SourceFile[]): Promise<ModelFolder | undefined> {
  const known = files.flatMap(({ remotePath: path, size, sha256 }) =>
    sha256 === undefined ? [] : [{ path, size, sha256 }],
  );
  return known.length === files.length ? findFolder(home, digestOf(known)) : undefined;
}

/** What is copied may have changed since it was hashed: the copy is hashed itself. */
async function place(
  { remotePath, path, sha256, linkable }: SourceFile,
  destination: string,
  hashes: HashRecord,
  signal: AbortSignal,
): Promise<ModelFile> {
  const copyHash = async (): Promise<string> => {
    const isLink = await placeFile(path, destination, linkable);
    return isLink && sha256 !== undefined ? sha256 : sha256OfFile(destination, { signal });
  };
  const hash = linkable ? await copyHash() : await hashes.observe(path, copyHash);
  if (sha256 !== undefined && hash !== sha256) {
    throw new ModelJobError('IntegrityError', `\`${remotePath}\` changed while it was placed: \`${path}\``, {
      retryable: true,
      details: { path: remotePath, expected: sha256, found: hash },
    });
  }
  const { size, mtimeMs } = await stat(destination);
  return { size, sha256: hash, mtimeMs: Math.floor(mtimeMs) };
}
