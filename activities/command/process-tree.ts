/** How long a cancelled program may take to end by itself, in milliseconds. */
export const killGrace = 3000;

/**
 * Ends a program and all that it started: SIGTERM to its process group, SIGKILL after {@link killGrace}.
 *
 * @param pid of a program that leads its own process group (spawned `detached`)
 * @returns a function that calls off the SIGKILL, once the program has ended
 */
export function endProcessTree(pid: number): () => void {
  signalTree(pid, 'SIGTERM');
  const timer = setTimeout(() => signalTree(pid, 'SIGKILL'), killGrace);
  return () => {
    clearTimeout(timer);
    // What the program left behind in its group goes with it.
    signalTree(pid, 'SIGKILL');
  };
}

/** Sends a signal to a process group; one that is gone already is fine. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
