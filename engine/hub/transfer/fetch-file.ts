import { realpath, stat } from 'node:fs/promises';
import { ModelJobError } from '../../../planner/index.js';
import { withFileLock } from '../../../system/files/file-lock.js';
import { sha256OfFile } from '../../../system/hashing/index.js';
import { checkFile } from '../cache/check-file.js';
import type { HubFile } from '../hub-client.js';
import { smallBytes, type FileFetch } from './file-fetch.js';
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
    const found = await checkFile({ path: await realpath(blob), size: file.size, etag: file.etag }, hashes, { signal });
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
    sha256 = file.algorithm === 'sha256' ? file.etag : await sha256OfFile(blob, { signal });
    await hashes.remember(await realpath(blob), sha256);
  });
  return sha256;
}

async function fetchVerified(fetch: FileFetch, fenced: boolean): Promise<void> {
  const { file, signal } = fetch;
  for (let restarts = 0; ; restarts++) {
    const fetched = await (file.size <= smallBytes ? fetchSmall(fetch) : fetchLarge(fetch, fenced));
    signal.throwIfAborted();
    if (fetched.digest === file.etag) return fetched.publish();
    await fetched.discard();
    if (restarts === maxRestarts) throw wrongBytes(file, fetched.digest);
    fetch.onDiscard();
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

function wrongBytes(file: HubFile, found: string): ModelJobError {
  const name = file.algorithm === 'git' ? 'git blob id' : 'SHA-256';
  return new ModelJobError(
    'IntegrityError',
    `the hub sent wrong bytes for \`${file.path}\`: ${name} ${found}, expected ${file.etag}`,
    { details: { path: file.path, expected: file.etag, found } },
  );
}
