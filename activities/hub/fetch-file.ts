import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Hash } from 'node:crypto';
import { ModelJobError } from '../../planner/index.js';
import { withBlobLock } from './blob-lock.js';
import { contentHash, hashPrefix } from './content-hash.js';
import type { HubFile } from './hub-client.js';

/** How long a body may send nothing, in milliseconds, before its connection counts as broken. */
const stallMs = 20_000;

/** Times that a file whose bytes are wrong is fetched from zero. */
const maxRestarts = 2;

/** Times that a broken connection is taken up again, without a byte in between, before the activity fails. */
const maxResumes = 4;

export interface FileFetch {
  file: HubFile;
  /** Where the finished blob goes. */
  blob: string;
  /** The bytes of the file from `start` on. */
  read: (start: number) => Promise<ReadableStream<Uint8Array>>;
  signal: AbortSignal;
  /** Called with bytes that are on disk: kept from before, or fetched now. */
  onBytes: (count: number, source: 'kept' | 'fetched') => void;
  /** Called when the bytes on disk were wrong, and are gone. */
  onDiscard: () => void;
}

/**
 * Fetches one file into the cache, resuming from what an earlier attempt left in `{blob}.incomplete`.
 * The finished name appears only on bytes whose size and hash are right.
 *
 * @throws ModelJobError `IntegrityError` when the hub keeps sending wrong bytes, `Io` when it keeps breaking off
 */
export async function fetchFile(fetch: FileFetch): Promise<void> {
  const { blob, file, signal, onBytes } = fetch;
  await mkdir(dirname(blob), { recursive: true });
  const isDone = async (): Promise<boolean> => (await sizeOf(blob)) === file.size;
  const skip = async (): Promise<boolean> => {
    if (!(await isDone())) return false;
    onBytes(file.size, 'kept');
    return true;
  };
  if (await skip()) return;
  let skipped = false;
  await withBlobLock(
    `${blob}.lock`,
    signal,
    async () => (skipped = await skip()),
    async (lockSignal) => {
      if (skipped || (await skip())) return;
      await fetchVerified({ ...fetch, signal: lockSignal });
    },
  );
}

async function fetchVerified(fetch: FileFetch): Promise<void> {
  const incomplete = `${fetch.blob}.incomplete`;
  for (let restarts = 0; ; restarts++) {
    const found = await fetchBytes(fetch, incomplete);
    fetch.signal.throwIfAborted();
    if (found === fetch.file.etag) {
      await rename(incomplete, fetch.blob);
      return;
    }
    await rm(incomplete, { force: true });
    if (restarts === maxRestarts) throw wrongBytes(fetch.file, found);
    fetch.onDiscard();
  }
}

/** Brings the partial file to its full size and gives the hash of all its bytes. */
async function fetchBytes(fetch: FileFetch, incomplete: string): Promise<string> {
  const { file, signal, onBytes } = fetch;
  // Bytes beyond the file's size are of another time: begin again.
  if (((await sizeOf(incomplete)) ?? 0) > file.size) await rm(incomplete, { force: true });
  const handle = await open(incomplete, 'a');
  try {
    let size = (await handle.stat()).size;
    const hash = contentHash(file);
    await hashPrefix(hash, incomplete, size, signal);
    onBytes(size, 'kept');
    for (let fruitless = 0; size < file.size;) {
      const before = size;
      try {
        size = await append(fetch, handle, hash, size);
      } catch (error) {
        signal.throwIfAborted();
        size = (await handle.stat()).size;
        fruitless = size > before ? 0 : fruitless + 1;
        if (!isPassing(error) || fruitless === maxResumes) throw error;
      }
    }
    await handle.datasync();
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

/** Appends what the hub sends from `size` on. Bytes are hashed after they are written, so that both always agree. */
async function append(fetch: FileFetch, handle: FileHandle, hash: Hash, size: number): Promise<number> {
  const { file, onBytes } = fetch;
  const reader = (await fetch.read(size)).getReader();
  try {
    for (;;) {
      const { done, value } = await readBounded(reader, file);
      if (done) break;
      // A hub that sends more than it said is caught by the hash; the disk is not filled for it.
      const chunk = value.subarray(0, file.size - size);
      await handle.appendFile(chunk);
      hash.update(chunk);
      size += chunk.length;
      onBytes(chunk.length, 'fetched');
      if (chunk.length < value.length)
        throw new ModelJobError('Io', `the hub sent more than ${file.size} bytes for \`${file.path}\``);
      if (size === file.size) break;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (size < file.size)
    throw new ModelJobError('Io', `the hub broke off \`${file.path}\` after ${size} of ${file.size} bytes`);
  return size;
}

async function readBounded(reader: ReadableStreamDefaultReader<Uint8Array>, file: HubFile) {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ModelJobError('Io', `the hub sent nothing of \`${file.path}\` for ${stallMs / 1000} s`)),
      stallMs,
    );
  });
  try {
    return await Promise.race([reader.read(), stalled]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a body throws is a broken connection, unless it is final or comes from the disk. */
function isPassing(error: unknown): boolean {
  if (error instanceof ModelJobError) return error.retryable;
  return !(error instanceof Error && 'syscall' in error);
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch {
    return undefined;
  }
}

function wrongBytes(file: HubFile, found: string): ModelJobError {
  return new ModelJobError(
    'IntegrityError',
    `the hub sent wrong bytes for \`${file.path}\`: ${file.algorithm === 'git' ? 'git blob id' : 'SHA-256'} ${found}, expected ${file.etag}`,
    { details: { path: file.path, expected: file.etag, found } },
  );
}
