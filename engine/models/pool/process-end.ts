import { wasOomKill } from '../../../system/memory/oom-kills.js';
import type { FamilyMemory } from '../../../system/memory/memory-watch.js';
import type { LossCode } from '../contract/model-lost.js';
import { megabytes, raiseIt } from './memory-budget.js';

/** How a process ended: what it did, and why, as the parts of a sentence. */
export interface ProcessEnd {
  loss: LossCode;
  did: string;
  because?: string;
  /** What it took of the memory when it was ended for that, in bytes. */
  memoryBytes?: number;
}

/** What the system tells of a process's end. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** How a process ended that has ended by itself, by the system or by the watch over the memory. */
export function endOf({ code, signal }: Exit, memory: Pick<FamilyMemory, 'over'>): ProcessEnd {
  if (memory.over) return overEnd(memory.over);
  if (signal === null) return { loss: 'Crashed', did: `ended (exit code ${code})` };
  if (signal === 'SIGKILL' && wasOomKill()) {
    return { loss: 'ResourceLimit', did: 'was ended by the system, which had no more memory (SIGKILL),' };
  }
  return { loss: 'Crashed', did: `ended (${signal}${signal === 'SIGABRT' ? ', perhaps out of memory' : ''})` };
}

/** What it printed last may say more: Node ends a process whose heap is full with SIGABRT, after a line that says so. */
export function explainedEnd(end: ProcessEnd, lastLines: readonly string[]): ProcessEnd {
  const heapIsFull = end.loss === 'Crashed' && lastLines.some((line) => /heap out of memory|std::bad_alloc/.test(line));
  return heapIsFull ? { ...end, loss: 'ResourceLimit' } : end;
}

function overEnd({ bytes, totalBytes, limitBytes }: NonNullable<FamilyMemory['over']>): ProcessEnd {
  const others = totalBytes - bytes;
  const beside = others > 0 ? `, beside ${megabytes(others)} of other models,` : '';
  const most = `this worker's models may take ${megabytes(limitBytes)}; ${raiseIt}`;
  return {
    loss: 'ResourceLimit',
    did: `took ${megabytes(bytes)} of memory${beside}`,
    because: ` and was ended: ${most}`,
    memoryBytes: bytes,
  };
}
