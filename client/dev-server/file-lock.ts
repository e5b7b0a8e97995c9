import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { onExit } from 'signal-exit';
import { z } from 'zod';
import { isAlive } from '../../system/processes/process-group.js';
import { throwIfCancelled } from '../../system/processes/throw-if-cancelled.js';

const heartbeatMs = 2_000;
const staleMs = 30_000;
const pollMs = 200;
const remindMs = 30_000;

const ownerSchema = z.object({ pid: z.number(), host: z.string(), token: z.string() });
type Owner = z.infer<typeof ownerSchema>;

export interface LockOptions {
  report: (message: string) => void;
  /** The line to report, now and then, while the process `pid` holds the lock. */
  waiting: (pid: number) => string;
  signal: AbortSignal | undefined;
}

/**
 * Does some work while this process alone holds the lock file. The holder renews the file's time every two seconds;
 * a lock whose process is gone, or that was not renewed for 30 seconds, is taken over.
 *
 * @throws ModelJobError `Cancelled` when the signal is aborted while waiting
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const release = await acquire(path, options);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(path: string, options: LockOptions): Promise<() => Promise<void>> {
  const remind = reminder(options);
  for (;;) {
    throwIfCancelled(options.signal);
    const own: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
    if (await create(path, own)) return hold(path, own.token);
    if (await isStale(path)) await removeStale(path);
    else remind((await readOwner(path))?.pid);
    await sleep(pollMs, undefined, options.signal && { signal: options.signal }).catch(() => undefined);
  }
}

async function create(path: string, own: Owner): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(own), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function hold(path: string, token: string): () => Promise<void> {
  const renew = () => utimes(path, new Date(), new Date()).catch(() => undefined);
  const timer = setInterval(() => void renew(), heartbeatMs).unref();
  const forgetExit = onExit(() => removeAtExit(path, token));
  return async () => {
    clearInterval(timer);
    forgetExit();
    if ((await readOwner(path))?.token === token) await rm(path, { force: true });
  };
}

function removeAtExit(path: string, token: string): void {
  try {
    if (readFileSync(path, 'utf8').includes(token)) rmSync(path);
  } catch {
    // A lock that stays is taken over once this process is gone.
  }
}

async function isStale(path: string): Promise<boolean> {
  const owner = await readOwner(path);
  if (owner?.host === hostname() && !isAlive(owner.pid)) return true;
  const age = await stat(path).then(
    (facts) => Date.now() - facts.mtimeMs,
    () => 0,
  );
  return age > staleMs;
}

/** Two processes may see the same stale lock, and the slower one may hit upon the faster one's new lock: it gives that back. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if (!(await isStale(aside))) await link(aside, path);
  } catch {
    // Somebody else removed it or made a new one: the next turn sees how things are.
  } finally {
    await rm(aside, { force: true });
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function reminder({ report, waiting }: LockOptions): (pid: number | undefined) => void {
  let toldPid: number | undefined;
  let toldAt = 0;
  return (pid) => {
    if (pid === undefined || (pid === toldPid && Date.now() - toldAt < remindMs)) return;
    [toldPid, toldAt] = [pid, Date.now()];
    report(waiting(pid));
  };
}
