import type { MemoryShare } from './memory-budget.js';
import type { ModelProcess } from './model-process.js';

/** A process is replaced after so many calls, against what libraries leak. */
const maxRuns = 20_000;

/** A process is replaced when it takes so many times the memory that it took after its load, and at least so much more. */
const growth = { factor: 3, bytes: 1024 ** 3 };

/** Starts a process with the model in it. */
export type StartProcess = (log: (line: string) => void, share: MemoryShare) => Promise<ModelProcess>;

/** A process of a pool. */
export interface Member {
  process: ModelProcess;
  share: MemoryShare;
  /** Who hears what it prints: the call that it runs. */
  log: { line: (line: string) => void };
}

/** Starts a process; its share is given back where that fails. */
export async function startMember(start: StartProcess, share: MemoryShare): Promise<Member> {
  const log = { line: (_line: string): void => undefined };
  try {
    const member = { process: await start((line) => log.line(line), share), share, log };
    hold(member);
    return member;
  } catch (error) {
    share.release();
    throw error;
  }
}

/** Makes the share what the process has taken: it will take that again. */
export function hold({ process, share }: Member): void {
  share.resize(process.heldBytes);
  process.allow(process.heldBytes);
}

export async function endMember({ process, share }: Member): Promise<void> {
  await process.close();
  share.release();
}

/** Whether a process can't or should not run another call. */
export function isSpent({ process: { ended, runs, memoryBytes, loadedBytes } }: Member): boolean {
  return ended || runs >= maxRuns || memoryBytes > Math.max(loadedBytes * growth.factor, loadedBytes + growth.bytes);
}
