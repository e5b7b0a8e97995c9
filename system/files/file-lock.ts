import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { processSpace } from '../processes/process-space.js';
import { holderOf, makeLink, pidOf, refresh, release, removeAtExit, retire, stateOf } from './lock-link.js';

/** A holder shows its life by the lock's time of change, so often. */
const heartbeatMs = 2000;
const pollMs = 200;

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Told again and again while another holds the lock: the id of its process. */
  onWait?: (pid: number) => void;
}

/** What the only holder of a lock must know. */
export interface Held {
  /** Aborts when the caller's signal does, and when the lock is lost. */
  signal: AbortSignal;
  /** Whether the holder before was silent but may still live: it may still write to its own files. */
  fenced: boolean;
}

/** Holders in this process, by path: who comes later waits for them. */
const holders = new Map<string, Promise<void>>();

/**
 * Does some work as the only holder of a lock: in this process, on this machine, and on others that share the folder.
 * Who comes while another holds it waits. The lock is a link that leads nowhere and names its holder: one call
 * makes it. Where a file system has no links it is a file.
 *
 * @param path of the lock
 * @throws the signal's reason when it is aborted while waiting
 */
export async function withLock<T>(
  path: string,
  { signal = new AbortController().signal, onWait }: LockOptions,
  work: (held: Held) => Promise<T>,
): Promise<T> {
  for (let other = holders.get(path); other; other = holders.get(path)) {
    onWait?.(process.pid);
    await settled(other, signal);
  }
  let end: () => void = () => undefined;
  holders.set(path, new Promise((done) => (end = done)));
  try {
    const name = `${processSpace}:${process.pid}:${randomBytes(4).toString('hex')}`;
    const { fenced } = await acquire(path, name, signal, onWait);
    return await holding(path, name, signal, (held) => work({ signal: held, fenced }));
  } finally {
    holders.delete(path);
    end();
  }
}

/**
 * Writes a file as its only writer, unless another has done so meanwhile.
 *
 * @param path of the lock
 * @param isDone asked once the lock is held: is there nothing left to do?
 */
export async function withFileLock(
  path: string,
  signal: AbortSignal,
  isDone: () => Promise<boolean>,
  work: (held: Held) => Promise<void>,
): Promise<void> {
  await withLock(path, { signal }, async (held) => {
    if (!(await isDone())) await work(held);
  });
}

/** Whether somebody holds the lock now. */
export async function isLocked(path: string): Promise<boolean> {
  if (holders.has(path)) return true;
  const holder = await holderOf(path);
  return holder !== undefined && (await stateOf(path, holder)) === 'alive';
}

async function holding<T>(
  path: string,
  name: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const forgetExit = removeAtExit(path, name);
  const since = Date.now();
  const heartbeat = setInterval(() => {
    void refresh(path, name).then((ours) => {
      if (!ours) lost.abort(new Error(`the lock \`${path}\` is gone: another holder took over`));
    });
  }, heartbeatMs);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(heartbeat);
    forgetExit();
    const heldMs = Date.now() - since;
    // So soon nobody takes it for silent, whatever the clocks of other machines say.
    await release(path, name, { isOurs: heldMs >= 0 && heldMs < heartbeatMs });
  }
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

async function acquire(
  path: string,
  name: string,
  signal: AbortSignal,
  onWait: LockOptions['onWait'],
): Promise<{ fenced: boolean }> {
  let fenced = false;
  for (;;) {
    signal.throwIfAborted();
    if (await makeLink(path, name)) return { fenced };
    const holder = await holderOf(path);
    const state = holder === undefined ? 'gone' : await stateOf(path, holder);
    if (state === 'alive') {
      if (holder) onWait?.(pidOf(holder));
      await sleep(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    } else if (state !== 'gone' && holder !== undefined && (await retire(path, holder))) fenced ||= state === 'silent';
  }
}
