import type { InferenceSession } from 'onnxruntime-node';
import type { PlacedRequest } from './device/provider.js';

/** What of a request says how its sessions compute. */
export type Computing = Pick<PlacedRequest, 'threads' | 'provider'>;

/**
 * How a session computes: on this device, with this many threads and no more, for each core has a process of its own.
 *
 * Threads that wait must not spin: they would take the time of the other processes' threads.
 */
export function sessionOptions({ threads, provider }: Computing): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Errors are thrown; printing them too would double them.
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
