import { parentPort, workerData } from 'node:worker_threads';
import { Families } from '../processes/families.js';
import { proportionalBytes, residentBytes } from '../processes/proc.js';
import { MemoryCell } from './memory-cell.js';
import type { WatchMessage } from './memory-watch.js';

/** Between two looks, in milliseconds: a look may take a tenth of the time, as far as there are ten a second. */
const leastPauseMs = 40;
const mostPauseMs = 90;
const duty = 10;

const limitBytes = workerData as number;
const families = new Families();
const cells = new Map<string, MemoryCell>();
let timer: NodeJS.Timeout | undefined;

parentPort?.on('message', (message: WatchMessage) => {
  if (message.type === 'watch') {
    families.add(message.mark, message.leader);
    cells.set(message.mark, new MemoryCell(message.buffer));
  } else {
    families.end(message.mark);
    forget(message.mark);
  }
  timer ??= setTimeout(lookOn, leastPauseMs);
});

function lookOn(): void {
  const startedAt = performance.now();
  look();
  const pauseMs = Math.min(Math.max((performance.now() - startedAt) * duty, leastPauseMs), mostPauseMs);
  timer = cells.size === 0 ? undefined : setTimeout(lookOn, pauseMs);
}

function look(): void {
  families.look();
  let taken = takenBy(residentBytes);
  if (sum(taken) > limitBytes) {
    // Pages that processes share were counted for each of them.
    taken = takenBy(proportionalBytes);
    if (sum(taken) > limitBytes) endLargest(taken);
  }
  for (const [cell, bytes] of taken) {
    cell.set('bytes', bytes);
    cell.set('peak', Math.max(cell.get('peak'), bytes));
  }
}

/** Kills the family that is furthest above what is meant for it. */
function endLargest(taken: ReadonlyMap<MemoryCell, number>): void {
  const above = (cell: MemoryCell): number => (taken.get(cell) ?? 0) - cell.get('allowed');
  const [worst] = [...cells].sort(([, left], [, right]) => above(right) - above(left));
  if (!worst) return;
  const [mark, cell] = worst;
  // Told before it dies: its worker may hear of its end at once.
  cell.set('endedTotal', sum(taken));
  cell.set('endedAt', taken.get(cell) ?? 0);
  families.end(mark);
  forget(mark);
}

function takenBy(bytesOf: (pid: number) => number): Map<MemoryCell, number> {
  return new Map([...cells].map(([mark, cell]) => [cell, totalOf(families.membersOf(mark), bytesOf)]));
}

function totalOf(pids: readonly number[], bytesOf: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + bytesOf(pid), 0);
}

function sum(taken: ReadonlyMap<unknown, number>): number {
  return [...taken.values()].reduce((total, bytes) => total + bytes, 0);
}

function forget(mark: string): void {
  families.remove(mark);
  cells.delete(mark);
}
