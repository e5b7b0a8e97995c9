import type { ModelJobError, PassingFault } from '../planner/index.js';

/** What a connection that never came to be says (Node's network errors, undici's). */
const unreachableCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What an error that may pass says about when to try again. */
export function passingFault(error: ModelJobError): PassingFault {
  const { retryAfterMs } = error.details;
  return {
    unreachable: isUnreachable(error),
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
  };
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && unreachableCodes.has(error.code)) return true;
  // Node tries all addresses of a name, and tells of each.
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error.cause, ...inner].some(isUnreachable);
}
