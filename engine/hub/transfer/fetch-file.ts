import { realpath, stat } from 'node:fs/promises';
import { ModelJobError } from '../../../planner/index.js';
import { withFileLock } from '../../../system/files/file-lock.js';
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
 * @returns the SHA-256 of the bytes, and where they were found with links resolved; where they were fetched it is not known
 * @throws ModelJobError `IntegrityError` when the hub keeps sending wrong bytes, `Io` when it keeps breaking off
 */
export async function fetchFile(fetch: FileFetch): Promise<{ sha256: string; path?: string }> {
  const { blob, file, signal, hashes, onBytes, mayBeThere } = fetch;
  let fetched: { sha256: string; path?: string } = { sha256: '' };
  const isDone = async (): Promise<boolean> => {
    if ((await sizeOf(blob)) !== file.size) return false;
    const path = await realpath(blob);
    const cached = { path, size: file.size, etag: file.etag, isBlob: true };
    const found = await checkFile(cached, hashes, { signal });
    if (found === undefined) return false;
    fetched = { sha256: found, path };
    onBytes(file.size, 'kept');
    return true;
  };
  if (mayBeThere && (await isDone())) {
    if (file.size > smallBytes) await removeSavedPartial(blob);
    return fetched;
  }
  await withFileLock(`${blob}.lock`, signal, isDone, async ({ signal: ours, fenced }) => {
    fetched = { sha256: await fetchVerified({ ...fetch, signal: ours }, fenced) };
  });
  return fetched;
}

/** @returns the SHA-256 of the bytes */
async function fetchVerified(fetch: FileFetch, fenced: boolean): Promise<string> {
  const { signal } = fetch;
  for (let restarts = 0; ; restarts++) {
    const outcome = await tryOnce(fetch, fenced).catch((error: unknown) => {
      if (error instanceof BeginAnew) return error;
      throw error;
    });
    signal.throwIfAborted();
    if (typeof outcome === 'string') return outcome;
    if (restarts === maxRestarts) throw outcome;
    fetch.onDiscard();
  }
}

/** @returns the SHA-256 of the bytes, or what is wrong with them, which are gone then */
async function tryOnce(fetch: FileFetch, fenced: boolean): Promise<string | ModelJobError> {
  const { file, signal } = fetch;
  const fetched = await (file.size <= smallBytes ? fetchSmall(fetch) : fetchLarge(fetch, fenced));
  signal.throwIfAborted();
  if (await isRight(file, fetched)) {
    const sha256 = firstAlgorithm(file) === 'sha256' ? fetched.digest : await fetched.digestBy('sha256');
    await fetched.publish();
    return sha256;
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
