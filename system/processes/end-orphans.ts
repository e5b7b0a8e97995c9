import { markVariable } from './environment.js';
import { Families } from './families.js';
import { isOrphaned } from './family-mark.js';
import { listProcesses, variableOf } from './proc.js';

/** How often a worker looks for what others have left, in milliseconds. */
const lookMs = 60_000;

/**
 * Kills what killed workers and models of this machine have left: programs in whatever group or session, and models.
 * Linux only.
 *
 * @returns the ids of what was killed
 */
export function endOrphans(): number[] {
  const families = new Families();
  const orphaned = new Set(listProcesses().flatMap(marksOf).filter(isOrphaned));
  for (const mark of orphaned) families.add(mark);
  if (orphaned.size === 0) return [];
  families.look();
  return [...orphaned].flatMap((mark) => {
    const members = families.membersOf(mark);
    families.end(mark);
    return members;
  });
}

/**
 * Does so now, and every minute.
 *
 * @param tell hears of what was killed
 * @returns a function that ends it
 */
export function watchOrphans(tell: (pids: readonly number[]) => void): () => void {
  const look = (): void => {
    const ended = endOrphans();
    if (ended.length > 0) tell(ended);
  };
  look();
  const timer = setInterval(look, lookMs).unref();
  return () => clearInterval(timer);
}

function marksOf(pid: number): string[] {
  return pid === process.pid ? [] : (variableOf(pid, markVariable)?.split(':') ?? []);
}
