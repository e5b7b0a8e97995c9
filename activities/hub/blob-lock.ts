import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryName } from '../job-files.js';

/** A holder shows its life by the lock's time of change, so often; one that was silent for long is taken for dead. */
const beatMs = 2000;
const silentMs = 20_000;
const pollMs = 200;

interface Holder {
  host: string;
  pid: number;
}

/** Writers of this process: another job that wants the same blob, or a later attempt, waits for them. */
const writers = new Map<string, Promise<void>>();

/**
 * Runs `work` as the only writer of a blob: in this process, on this machine, and on others that share the folder.
 * Who comes while another writes waits.
 *
 * @param path of the lock file
 * @param isDone asked after each wait: when the other writer has finished, nothing is left to do
 * @param work its signal also aborts when the lock is lost
 */
export async function withBlobLock(
  path: string,
  signal: AbortSignal,
  isDone: () => Promise<boolean>,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  for (let other = writers.get(path); other; other = writers.get(path)) {
    await settled(other, signal);
    if (await isDone()) return;
  }
  let end: () => void = () => undefined;
  writers.set(path, new Promise((done) => (end = done)));
  try {
    if (await acquire(path, signal, isDone)) await workLocked(path, signal, work);
  } finally {
    writers.delete(path);
    end();
  }
}

async function workLocked(
  path: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const beat = setInterval(() => {
    utimes(path, new Date(), new Date()).catch(() =>
      lost.abort(new Error('the lock is gone: another writer took over')),
    );
  }, beatMs);
  try {
    await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(beat);
    if (!lost.signal.aborted) await rm(path, { force: true });
  }
}

/** Waits for another's work, but no longer than the signal allows. */
async function settled(other: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((done) => {
    void other.then(done);
    signal.addEventListener('abort', () => done(), { once: true });
  });
  signal.throwIfAborted();
}

/** Returns false when the other writer finished the work. */
async function acquire(path: string, signal: AbortSignal, isDone: () => Promise<boolean>): Promise<boolean> {
  for (;;) {
    signal.throwIfAborted();
    if (await create(path)) return true;
    if (await isDead(path)) await retire(path);
    else await sleep(pollMs, undefined, { signal });
    if (await isDone()) return false;
  }
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify({ host: hostname(), pid: process.pid } satisfies Holder));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A holder on this machine is dead when its process is (ours writes nothing now); elsewhere when it was silent for long. */
async function isDead(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > silentMs) return true;
    const { host, pid } = JSON.parse(await readFile(path, 'utf8')) as Holder;
    return host === hostname() && (pid === process.pid || !isAlive(pid));
  } catch {
    // Gone, or not written yet: the next look tells.
    return false;
  }
}

/** The rename succeeds for one of those who found the lock dead. */
async function retire(path: string): Promise<void> {
  const retired = temporaryName(path);
  await rename(path, retired).catch(() => undefined);
  await rm(retired, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
