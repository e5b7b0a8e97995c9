import { realpath, stat } from 'node:fs/promises';
import { ModelJobError } from '../../../planner/index.js';
import { withFileLock } from '../../../system/files/file-lock.js';
import { sha256OfFile } from '../../../system/hashing/index.js';
import { BeginAnew } from '../begin-anew.js';
import { checkFile } from '../cache/check-file.js';
import type { HashAlgorithm, HubFile } from '../hub-file.js';
import { firstAlgorithm, smallBytes, type FetchedFile, type FileFetch } from './file-fetch.js';
import { fetchLarge } from './fetch-large.js';
import { fetchSmall } from './fetch-small.js';
import { removeSavedPartial } from './journal.js';

/** Times that a file whose bytes are wrong is fetched from zero. */
const maxRestarts = 2;

/**
 * Fetches one file into the cache. Its name appears only on bytes whose hash is right; what an interrupted fetch
 * leaves, the next one takes up. What is there already is hashed once; wrong bytes are fetched again.
 *
 * @returns the SHA-256 of the bytes
 * @throws ModelJobError `IntegrityError` when the hub keeps sending wrong bytes, `Io` when it keeps breaking off
 */
export async function fetchFile(fetch: FileFetch): Promise<string> {
  const { blob, file, signal, hashes, onBytes } = fetch;
  let sha256 = '';
  const isDone = async (): Promise<boolean> => {
    if ((await sizeOf(blob)) !== file.size) return false;
    const cached = { path: await realpath(blob), size: file.size, etag: file.etag, isBlob: true };
    const found = await checkFile(cached, hashes, { signal });
    if (found === undefined) return false;
    sha256 = found;
    onBytes(file.size, 'kept');
    return true;
  };
  if (await isDone()) {
    if (file.size > smallBytes) await removeSavedPartial(blob);
    return sha256;
  }
  await withFileLock(`${blob}.lock`, signal, isDone, async ({ signal: ours, fenced }) => {
    await fetchVerified({ ...fetch, signal: ours }, fenced);
    sha256 = file.algorithms[0] === 'sha256' ? file.etag : await sha256OfFile(blob, { signal });
    await hashes.remember(await realpath(blob), sha256);
  });
  return sha256;
}

async function fetchVerified(fetch: FileFetch, fenced: boolean): Promise<void> {
  const { signal } = fetch;
  for (let restarts = 0; ; restarts++) {
    const wrong = await tryOnce(fetch, fenced).catch((error: unknown) => {
      if (error instanceof BeginAnew) return error;
      throw error;
    });
    signal.throwIfAborted();
    if (!wrong) return;
    if (restarts === maxRestarts) throw wrong;
    fetch.onDiscard();
  }
}

/** @returns what is wrong with the bytes, which are gone then */
async function tryOnce(fetch: FileFetch, fenced: boolean): Promise<ModelJobError | undefined> {
  const { file, signal } = fetch;
  const fetched = await (file.size <= smallBytes ? fetchSmall(fetch) : fetchLarge(fetch, fenced));
  signal.throwIfAborted();
  if (await isRight(file, fetched)) {
    await fetched.publish();
    return undefined;
  }
  await fetched.discard();
  return wrongBytes(file, fetched.digest);
}

/** Where no hash is told, the bytes are right as they came: whole, in one stream. */
async function isRight({ etag, algorithms }: HubFile, { digest, digestBy }: FetchedFile): Promise<boolean> {
  if (algorithms.length === 0 || digest === etag) return true;
  for (const algorithm of algorithms.slice(1)) if ((await digestBy(algorithm)) === etag) return true;
  return false;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

const hashNames: Record<HashAlgorithm, string> = { git: 'git blob id', sha1: 'SHA-1', sha256: 'SHA-256' };

function wrongBytes(file: HubFile, found: string): ModelJobError {
  return new ModelJobError(
    'IntegrityError',
    `the hub sent wrong bytes for \`${file.path}\`: ${hashNames[firstAlgorithm(file)]} ${found}, expected ${file.etag}`,
    { details: { path: file.path, expected: file.etag, found } },
  );
}
