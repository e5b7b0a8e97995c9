const ownGroups = process.platform !== 'win32';

/** Spawn options that put a child into a process group of its own, so that a Ctrl-C on the terminal reaches only us. */
export const inOwnGroup = { detached: ownGroups, windowsHide: true, cleanup: false } as const;

/** Sends a signal to a child that was spawned with `inOwnGroup` and to all its descendants; a group that is gone is fine. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(ownGroups ? -pid : pid, signal);
  } catch (error) {
    if (!isNoSuchProcess(error)) throw error;
  }
}

/** Whether a process with this id exists, ours or another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isNoSuchProcess(error);
  }
}

function isNoSuchProcess(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}
