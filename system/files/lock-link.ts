import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { lstat, lutimes, readFile, readlink, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { onExit } from 'signal-exit';
import { processSpace } from '../processes/process-space.js';
import { isAlive } from '../processes/process-tree.js';
import { temporaryName, withFolder } from './atomic-write.js';
import { hasNoLinks, isErrno } from './errno.js';

/** A holder that was silent for so long is taken for dead, in milliseconds. */
const silentMs = 20_000;

/** Makes a lock; false where there is one. */
export async function makeLink(path: string, name: string): Promise<boolean> {
  try {
    await withFolder(path, () => symlink(name, path).catch((error: unknown) => makeFile(path, name, error)));
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

/** A lock that is a file, on a file system without links. */
async function makeFile(path: string, name: string, reason: unknown): Promise<void> {
  if (!hasNoLinks(reason)) throw reason;
  await writeFile(path, name, { flag: 'wx' });
}

/** The holder's name; undefined where there is no lock, empty for a file that names nobody (yet). */
export async function holderOf(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (!isErrno(error, 'EINVAL') && !hasNoLinks(error)) return undefined;
  }
  return readFile(path, 'utf8').then(nameIn, () => undefined);
}

/** Other tools leave empty lock files, and never remove them. */
function nameIn(text: string): string {
  return /^[^:]+:\d+:[0-9a-f]{8}$/.test(text) ? text : '';
}

/** The id of the holder's process, on its own machine. */
export function pidOf(holder: string): number {
  return Number(holder.split(':')[1]);
}

/** A holder on this machine is dead when its process is (ours writes nothing now); any other when it was silent for long. */
export async function stateOf(path: string, holder: string): Promise<'alive' | 'dead' | 'silent' | 'gone'> {
  const isHere = holder.startsWith(`${processSpace}:`);
  const pid = pidOf(holder);
  if (isHere && (pid === process.pid || !isAlive(pid))) return 'dead';
  try {
    return Date.now() - (await lstat(path)).mtimeMs > silentMs ? 'silent' : 'alive';
  } catch {
    return 'gone';
  }
}

/** Removes a lock. Another may have done so, and taken the lock: then it is put back. */
export async function retire(path: string, holder: string): Promise<boolean> {
  const retired = temporaryName(path);
  try {
    await rename(path, retired);
  } catch {
    return false;
  }
  const found = await holderOf(retired);
  if (found && found !== holder) await makeLink(path, found);
  await rm(retired, { force: true });
  return found === holder;
}

/** Shows that the holder lives. Returns false when the lock is another's. */
export async function refresh(path: string, name: string): Promise<boolean> {
  if ((await holderOf(path)) !== name) return false;
  return lutimes(path, new Date(), new Date()).then(
    () => true,
    () => false,
  );
}

/**
 * Gives a lock up, unless another has taken it over.
 *
 * @param isOurs whether nobody can have done so
 */
export async function release(path: string, name: string, { isOurs }: { isOurs: boolean }): Promise<void> {
  if (!isOurs && (await holderOf(path)) !== name) return;
  await unlink(path).catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT')) throw error;
  });
}

/** The holders of this process's locks, by path; undefined as long as nobody watches for its exit. */
let leftAtExit: Map<string, string> | undefined;

/**
 * Lets a lock go when this process ends: others would find out that it is gone, those on other machines after a while.
 *
 * @returns ends that
 */
export function removeAtExit(path: string, name: string): () => void {
  // One listener for good: each time it came it would take a handler of each signal, and that costs more than the lock.
  leftAtExit ??= watchExit(new Map());
  const left = leftAtExit.set(path, name);
  return () => left.delete(path);
}

function watchExit(left: Map<string, string>): Map<string, string> {
  onExit(() => {
    for (const [path, name] of left) removeNow(path, name);
  });
  return left;
}

function removeNow(path: string, name: string): void {
  try {
    if (nameAt(path) === name) rmSync(path);
  } catch {
    // It is gone, or stays for others to find.
  }
}

function nameAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return readFileSync(path, 'utf8');
  }
}
