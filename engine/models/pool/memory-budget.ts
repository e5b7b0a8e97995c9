import { ModelJobError } from '../../../planner/index.js';

/** Memory that a process has of the budget. */
export interface MemoryShare {
  /** How much was reserved, in bytes. */
  readonly bytes: number;
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
   * @param most what is taken where no model in use has it. Default: `bytes`
   * @throws ModelJobError `ResourceLimit` for more than the whole budget; the signal's reason
   */
  reserve(bytes: number, what: string, signal: AbortSignal, most?: number): Promise<MemoryShare>;
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
    return { bytes, resize, release: () => resize(0) };
  };
  const tryReserve = (bytes: number): MemoryShare | undefined => (used + bytes <= totalBytes ? take(bytes) : undefined);
  return {
    tryReserve,
    async reserve(bytes, what, signal, most = bytes) {
      if (bytes > totalBytes) throw tooLarge(bytes, totalBytes, what);
      for (;;) {
        signal.throwIfAborted();
        const share = tryReserve(Math.min(Math.max(most, bytes), totalBytes));
        if (share) return share;
        if (await freeOne()) continue;
        if (used + bytes <= totalBytes) return take(totalBytes - used);
        await changeOf(signal, (go) => wake.push(go));
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
  return new ModelJobError(
    'ResourceLimit',
    `${what} needs about ${megabytes(bytes)} of memory and this worker's models may take ${megabytes(totalBytes)}; ${raiseIt}`,
  );
}

/** What an operator can do about it. */
export const raiseIt = 'its operator can raise it with MODEL_JOBS_MODEL_MEMORY_MB';

export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
