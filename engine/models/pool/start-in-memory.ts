import { ModelJobError } from '../../../planner/index.js';
import { ModelLost } from '../contract/model-lost.js';
import type { MemoryShare } from './memory-budget.js';

/** How much memory is asked for, in bytes, beyond what is known of the model. */
export interface MemoryWish {
  /** Waited for, as far as there is so much at all. */
  least?: number;
  /** Taken as far as no model in use has it. */
  most?: number;
}

/** Where the memory of a process comes from. */
export interface MemorySource {
  needMemory: (wish: MemoryWish, signal: AbortSignal) => Promise<MemoryShare>;
  /** All the memory that there is for models, in bytes. */
  totalBytes: number;
}

/** What a model's process took when it was ended for that, in bytes; undefined for any other error. */
export function memoryTaken(error: unknown): number | undefined {
  const taken = error instanceof ModelLost ? error.details['memoryBytes'] : undefined;
  return typeof taken === 'number' ? taken : undefined;
}

/**
 * Starts a process with memory for it. One that takes more while it loads, beside other models, is started again with
 * room for twice as much.
 *
 * @throws ModelJobError what the runtime threw; a model that is lost while it loads is no input's doing
 */
export async function startInMemory<T>(
  source: MemorySource,
  { wish, signal }: { wish: MemoryWish; signal: AbortSignal },
  start: (share: MemoryShare) => Promise<T>,
): Promise<T> {
  const share = await source.needMemory(wish, signal);
  try {
    return await start(share);
  } catch (error) {
    const taken = memoryTaken(error) ?? source.totalBytes;
    const mayFit = Math.max(taken, share.bytes) < source.totalBytes;
    if (!mayFit) throw asStartFailure(error);
    return await startInMemory(source, { wish: { least: 2 * Math.max(taken, share.bytes) }, signal }, start);
  }
}

function asStartFailure(error: unknown): unknown {
  if (!(error instanceof ModelLost)) return error;
  const { code, detail, details } = error;
  return new ModelJobError(code, detail, { details, retryable: false });
}
