import { spawn } from 'node:child_process';
import { onExit } from 'signal-exit';

const hasGroups = process.platform !== 'win32';

/** Spawn options by which a program leads a process group of its own, so that a Ctrl-C on the terminal reaches only us. */
export const inOwnGroup = { detached: hasGroups, windowsHide: true, cleanup: false } as const;

/** How long a cancelled program may take to end by itself, in milliseconds. */
export const killGrace = 3000;

/**
 * Ends a program and all that it started: SIGTERM to its process group, SIGKILL after the grace.
 *
 * @param pid of a program that was spawned with `inOwnGroup`
 * @param grace in milliseconds
 * @returns a function that calls off the wait, once the program has ended
 */
export function endProcessTree(pid: number, grace = killGrace): () => void {
  signalTree(pid, 'SIGTERM');
  const timer = setTimeout(() => signalTree(pid, 'SIGKILL'), grace);
  return () => {
    clearTimeout(timer);
    // What the program left behind in its group goes with it.
    signalTree(pid, 'SIGKILL');
  };
}

/** Sends a signal to a program that was spawned with `inOwnGroup` and to all that it started; one that is gone is fine. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(hasGroups ? -pid : pid, signal);
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

/**
 * Ends the tree when the signal aborts.
 *
 * @param grace between SIGTERM and SIGKILL, in milliseconds
 * @returns to be called when the program has ended
 */
export function endTreeOn(signal: AbortSignal, pid: number, grace = killGrace): () => void {
  let settle: (() => void) | undefined;
  const end = (): void => {
    settle = endProcessTree(pid, grace);
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return () => {
    signal.removeEventListener('abort', end);
    settle?.();
  };
}

/** Waits for the end of its input. A line says that the program has ended; none, that its parent was killed. */
const watch = 'read -r _ || kill -KILL "-$1"';

/**
 * Sees to it that a program does not outlive this process, however this process ends: SIGKILL included, which only
 * another process can notice.
 *
 * @returns to be called when the program has ended
 */
export function guardTree(pid: number): () => void {
  const removeExit = onExit(() => signalTree(pid, 'SIGKILL'));
  const watcher = spawn('/bin/sh', ['-c', watch, 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    detached: true,
  });
  // A system without /bin/sh, or a watcher that is gone: the exit handler has to do.
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  return () => {
    removeExit();
    watcher.stdin.end('\n');
  };
}

function isNoSuchProcess(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}
