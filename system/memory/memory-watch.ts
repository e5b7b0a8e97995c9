import { Worker } from 'node:worker_threads';
import { compiledModule } from '../threads/compiled-module.js';
import { MemoryCell } from './memory-cell.js';

/** What a family of processes takes of the memory, as the watch saw it last; zeros where it can't see. */
export interface FamilyMemory {
  /** In bytes, and the most since the family began, or since that was forgotten. */
  readonly bytes: number;
  readonly peakBytes: number;
  forgetPeak(): void;
  /** What it took when it was ended for that, what all families took, and what they may; undefined where it was not. */
  readonly over: { bytes: number; totalBytes: number; limitBytes: number } | undefined;
  /** Tells how much is meant for it, in bytes. */
  allow(bytes: number): void;
  /** Kills the family, and forgets it. */
  end(): void;
}

/** A wall around the memory that families of processes take together. */
export interface MemoryWatch {
  /** @param mark of the family that the process leads, as its environment has it */
  watch(leader: number, mark: string): FamilyMemory;
}

/** What the watch hears. */
export type WatchMessage =
  { type: 'watch'; mark: string; leader: number; buffer: SharedArrayBuffer } | { type: 'end'; mark: string };

/**
 * A watch over families of processes, on a thread of its own that a busy worker does not hold up: when they take more
 * memory than they may together, the one that is furthest above what is meant for it is killed, with all that belongs
 * to it. Linux only: elsewhere it sees nothing.
 *
 * @param limitBytes for all families
 */
export function createMemoryWatch(limitBytes: number): MemoryWatch {
  let thread: Worker | undefined;
  const say = (message: WatchMessage): void => {
    thread ??= startThread(limitBytes, () => (thread = undefined));
    thread.postMessage(message);
  };
  return {
    watch(leader, mark) {
      const cell = new MemoryCell();
      say({ type: 'watch', mark, leader, buffer: cell.buffer });
      return {
        get bytes() {
          return cell.get('bytes');
        },
        get peakBytes() {
          return cell.get('peak');
        },
        get over() {
          const bytes = cell.get('endedAt');
          return bytes === 0 ? undefined : { bytes, totalBytes: cell.get('endedTotal'), limitBytes };
        },
        forgetPeak: () => cell.set('peak', cell.get('bytes')),
        allow: (bytes) => cell.set('allowed', bytes),
        end: () => say({ type: 'end', mark }),
      };
    },
  };
}

function startThread(limitBytes: number, onEnd: () => void): Worker {
  const module = compiledModule(new URL('./memory-watch-thread.js', import.meta.url));
  const thread = new Worker(module, { workerData: limitBytes });
  thread.unref();
  thread.on('exit', onEnd);
  return thread;
}
