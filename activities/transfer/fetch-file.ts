import { stat } from 'node:fs/promises';
import { ModelJobError } from '../../planner/index.js';
import { withFileLock } from '../file-lock.js';
import type { HubHttp } from '../hub/http.js';
import type { HubFile } from '../hub/hub-client.js';
import type { RangeReader } from '../hub/range-reader.js';
import { fetchLarge } from './fetch-large.js';
import { fetchSmall } from './fetch-small.js';
import { removeLeftover } from './journal.js';

/** Up to this size a file is one request, and is held in memory until it is checked: it leaves nothing. In bytes. */
export const smallBytes = 1 << 20;

/** Times that a file whose bytes are wrong is fetched from zero. */
const maxRestarts = 2;

export interface FileFetch {
  file: HubFile;
  /** Where the finished blob goes. */
  blob: string;
  reader: RangeReader;
  http: HubHttp;
  signal: AbortSignal;
  /** Called with bytes that are here: kept from before, or fetched now. */
  onBytes: (count: number, source: 'kept' | 'fetched') => void;
  /** Called when the bytes were wrong, and are gone. */
  onDiscard: () => void;
}

/** A file whose bytes are all here, under no name of their own yet. */
export interface FetchedFile {
  /** The hash of the bytes, to be compared with the etag. */
  digest: string;
  publish: () => Promise<void>;
  discard: () => Promise<void>;
}

/**
 * Fetches one file into the cache. Its name appears only on bytes whose hash is right; what an interrupted fetch
 * leaves, the next one takes up.
 *
 * @throws ModelJobError `IntegrityError` when the hub keeps sending wrong bytes, `Io` when it keeps breaking off
 */
export async function fetchFile(fetch: FileFetch): Promise<void> {
  const { blob, file, signal, onBytes } = fetch;
  const isDone = async (): Promise<boolean> => {
    if ((await sizeOf(blob)) !== file.size) return false;
    onBytes(file.size, 'kept');
    return true;
  };
  if (await isDone()) {
    if (file.size > smallBytes) await removeLeftover(blob);
    return;
  }
  await withFileLock(`${blob}.lock`, signal, isDone, ({ signal: ours, fenced }) =>
    fetchVerified({ ...fetch, signal: ours }, fenced),
  );
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
