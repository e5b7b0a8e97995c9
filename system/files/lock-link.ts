import { readlinkSync, rmSync } from 'node:fs';
import { lstat, lutimes, readlink, rename, rm, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isAlive } from '../processes/process-tree.js';
import { temporaryName, withFolder } from './atomic-write.js';
import { isErrno } from './errno.js';

/** A holder that was silent for so long is taken for dead, in milliseconds. */
const silentMs = 20_000;

/** Makes a lock; false where there is one. */
export async function makeLink(path: string, name: string): Promise<boolean> {
  try {
    await withFolder(path, () => symlink(name, path));
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

/** The holder's name; undefined where there is no lock, empty for a file that is no link and names nobody. */
export async function holderOf(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    return isErrno(error, 'EINVAL') ? '' : undefined;
  }
}

/** The id of the holder's process, on its own machine. */
export function pidOf(holder: string): number {
  return Number(holder.split(':')[1]);
}

/** A holder on this machine is dead when its process is (ours writes nothing now); any other when it was silent for long. */
export async function stateOf(path: string, holder: string): Promise<'alive' | 'dead' | 'silent' | 'gone'> {
  const isHere = holder.startsWith(`${hostname()}:`);
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

/** Others would find out that this process is gone, those on other machines after a while. */
export function removeAtExit(path: string, name: string): void {
  try {
    if (readlinkSync(path) === name) rmSync(path);
  } catch {
    // It is gone, or stays for others to find.
  }
}
