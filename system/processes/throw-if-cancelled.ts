import { ModelJobError } from '../../planner/index.js';

/** Throws `Cancelled` once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ModelJobError('Cancelled', 'cancelled', { cause: signal.reason });
}
