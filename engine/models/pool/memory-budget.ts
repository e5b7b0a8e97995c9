import { ModelJobError } from '../../../planner/index.js';

/** Memory that a process has of the budget. */
export interface MemoryShare {
  /** Tells what the process really takes, in bytes. */
  resize(bytes: number): void;
  release(): void;
}

/** The memory that all models of a worker may take together. */
export interface MemoryBudget {
  /** A share, or undefined where there is no room now. */
  tryReserve(bytes: number): MemoryShare | undefined;
  /**
   * A share, as soon as there is room: idle models make room, models in use are waited for.
   *
   * @throws ModelJobError `ResourceLimit` for more than the whole budget; the signal's reason
   */
  reserve(bytes: number, what: string, signal: AbortSignal): Promise<MemoryShare>;
}

/**
 * A budget in bytes.
 *
 * @param freeOne unloads the model that was idle for longest; false where none is idle
 */
export function createMemoryBudget(totalBytes: number, freeOne: () => Promise<boolean>): MemoryBudget {
  let used = 0;
  let wake: (() => void)[] = [];
  const changed = (): void => {
    const waiting = wake;
    wake = [];
    for (const go of waiting) go();
  };
  const take = (bytes: number): MemoryShare => {
    let held = bytes;
    used += held;
    const resize = (now: number): void => {
      used += now - held;
      if (now < held) changed();
      held = now;
    };
    return { resize, release: () => resize(0) };
  };
  const tryReserve = (bytes: number): MemoryShare | undefined => (used + bytes <= totalBytes ? take(bytes) : undefined);
  return {
    tryReserve,
    async reserve(bytes, what, signal) {
      if (bytes > totalBytes) throw tooLarge(bytes, totalBytes, what);
      for (;;) {
        signal.throwIfAborted();
        const share = tryReserve(bytes);
        if (share) return share;
        if (!(await freeOne())) await changeOf(signal, (go) => wake.push(go));
      }
    },
  };
}

async function changeOf(signal: AbortSignal, onChange: (go: () => void) => void): Promise<void> {
  let abort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve) => {
      abort = resolve;
      signal.addEventListener('abort', abort);
      onChange(resolve);
    });
  } finally {
    if (abort) signal.removeEventListener('abort', abort);
  }
}

function tooLarge(bytes: number, totalBytes: number, what: string): ModelJobError {
  const megabytes = (count: number): string => `${Math.ceil(count / 1e6)} MB`;
  return new ModelJobError(
    'ResourceLimit',
    `${what} needs about ${megabytes(bytes)} of memory and this worker's models may take ${megabytes(totalBytes)}; ` +
      'its operator can raise it with MODEL_JOBS_MODEL_MEMORY_MB',
  );
}
