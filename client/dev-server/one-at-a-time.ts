import { withLock } from '../../system/files/file-lock.js';
import { throwIfCancelled } from '../../system/processes/throw-if-cancelled.js';
import type { Search } from './search.js';

const remindMs = 30_000;

/**
 * Does some work that one process at a time may do; who has to wait reports so, now and then.
 *
 * @param lock path of the lock
 * @param waiting the line to report while the process `pid` is at it
 * @throws ModelJobError `Cancelled` when the signal is aborted
 */
export async function oneAtATime<T>(
  lock: string,
  { report, signal }: Pick<Search, 'report' | 'signal'>,
  waiting: (pid: number) => string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await withLock(lock, { signal, onWait: reminder((pid) => report(waiting(pid))) }, work);
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
  }
}

/** Passes on a first call, one with another process, and one in half a minute. */
function reminder(tell: (pid: number) => void): (pid: number) => void {
  let lastPid: number | undefined;
  let lastAt = 0;
  return (pid) => {
    if (pid === lastPid && Date.now() - lastAt < remindMs) return;
    [lastPid, lastAt] = [pid, Date.now()];
    tell(pid);
  };
}
