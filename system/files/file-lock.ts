import { randomBytes } from 'node:crypto';
import { lstat, lutimes, readlink, rename, rm, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryName, withFolder } from './atomic-write.js';

/** A holder shows its life by the lock's time of change, so often; one that was silent for long is taken for dead. */
const heartbeatMs = 2000;
const silentMs = 20_000;
const pollMs = 200;

/** What the only writer of a file must know. */
export interface Held {
  /** Aborts when the job is cancelled, and when the lock is lost. */
  signal: AbortSignal;
  /** Whether the holder before was silent but may still live: it may still write to its own files. */
  fenced: boolean;
}

/** Writers of this process: another job that wants the same file, or a later attempt, waits for them. */
const writers = new Map<string, Promise<void>>();

/**
 * Runs `work` as the only writer of a file: in this process, on this machine, and on others that share the folder.
 * Who comes while another writes waits. The lock is a link that leads nowhere and names its holder: one call makes it.
 *
 * @param path of the lock
 * @param isDone asked after each wait and once when the lock is held: is there nothing left to do?
 */
export async function withFileLock(
  path: string,
  signal: AbortSignal,
  isDone: () => Promise<boolean>,
  work: (held: Held) => Promise<void>,
): Promise<void> {
  for (let other = writers.get(path); other; other = writers.get(path)) {
    await settled(other, signal);
    if (await isDone()) return;
  }
  let end: () => void = () => undefined;
  writers.set(path, new Promise((done) => (end = done)));
  try {
    const name = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
    const { fenced } = await acquire(path, name, signal);
    await holding(path, name, signal, async (held) => {
      if (!(await isDone())) await work({ signal: held, fenced });
    });
  } finally {
    writers.delete(path);
    end();
  }
}

/** Whether somebody holds the lock now. */
export async function isLocked(path: string): Promise<boolean> {
  if (writers.has(path)) return true;
  const holder = await holderOf(path);
  return holder !== undefined && (await stateOf(path, holder)) === 'alive';
}

async function holding(
  path: string,
  name: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const heartbeat = setInterval(() => {
    void refresh(path, name).then((ours) => {
      if (!ours) lost.abort(new Error(`the lock \`${path}\` is gone: another writer took over`));
    });
  }, heartbeatMs);
  try {
    await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(heartbeat);
    if ((await holderOf(path)) === name) await rm(path, { force: true });
  }
}

/** Shows that the holder lives. Returns false when the lock is another's. */
async function refresh(path: string, name: string): Promise<boolean> {
  if ((await holderOf(path)) !== name) return false;
  return lutimes(path, new Date(), new Date()).then(
    () => true,
    () => false,
  );
}

/** Waits for another's work, but no longer than the signal allows. */
async function settled(other: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<void>((done) => (stop = done));
  signal.addEventListener('abort', stop, { once: true });
  await Promise.race([other, aborted]);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
}

async function acquire(path: string, name: string, signal: AbortSignal): Promise<{ fenced: boolean }> {
  let fenced = false;
  for (;;) {
    signal.throwIfAborted();
    if (await create(path, name)) return { fenced };
    const holder = await holderOf(path);
    const state = holder === undefined ? 'gone' : await stateOf(path, holder);
    if (state === 'alive') await sleep(pollMs, undefined, { signal });
    else if (state !== 'gone' && holder !== undefined && (await retire(path, holder))) fenced ||= state === 'silent';
  }
}

async function create(path: string, name: string): Promise<boolean> {
  try {
    await withFolder(path, () => symlink(name, path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function holderOf(path: string): Promise<string | undefined> {
  return readlink(path).catch(() => undefined);
}

/** A holder on this machine is dead when its process is (ours writes nothing now); any other when it was silent for long. */
async function stateOf(path: string, holder: string): Promise<'alive' | 'dead' | 'silent' | 'gone'> {
  const [host, pid] = holder.split(':');
  if (host === hostname() && (Number(pid) === process.pid || !isAlive(Number(pid)))) return 'dead';
  try {
    return Date.now() - (await lstat(path)).mtimeMs > silentMs ? 'silent' : 'alive';
  } catch {
    return 'gone';
  }
}

/** Removes a lock. Another may have done so, and taken the lock: then it is put back. */
async function retire(path: string, holder: string): Promise<boolean> {
  const retired = temporaryName(path);
  try {
    await rename(path, retired);
  } catch {
    return false;
  }
  const found = await holderOf(retired);
  if (found !== undefined && found !== holder) await create(path, found);
  await rm(retired, { force: true });
  return found === holder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
