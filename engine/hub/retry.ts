import { setTimeout as sleep } from 'node:timers/promises';
import { ModelJobError } from '../../planner/index.js';
import { BeginAnew } from './begin-anew.js';
import { StubbornFault } from './stubborn-fault.js';

/** Tries in a row that bring nothing, before the activity fails and Temporal tries the whole of it later. */
const maxTries = 5;

/** What an attempt must bring to count as progress, in bytes: a network that drips is no network. */
const leastProgress = 64 << 10;

/** The longest wait that a hub may ask for within an activity, in milliseconds: its windows are of five minutes. */
const maxWait = 600_000;

/** Faults of a connection that no further try ends: the certificate is what it is. */
const certificateFaults =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH)/;

/** Faults that a few tries show to last: a name that nobody knows, a host that speaks something else than HTTP or TLS. */
const stubbornFaults = /^(?:ENOTFOUND$|EPROTO$|ERR_SSL_|HPE_|UND_ERR_HEADERS_OVERFLOW$)/;

/** What an error of a request or of its body means. */
export function asHubError(error: unknown, place: string): ModelJobError {
  if (error instanceof ModelJobError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const detail = `${place}: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (certificateFaults.test(code)) {
    const advice = 'NODE_EXTRA_CA_CERTS names a file of certificates that the worker is to trust';
    return new ModelJobError('Io', `${detail} (${advice})`, { retryable: false, cause: error });
  }
  if (stubbornFaults.test(code)) return new StubbornFault('Io', detail, error);
  const circles = cause instanceof Error && cause.message === 'redirect count exceeded';
  return new ModelJobError('Io', detail, { ...(circles ? { retryable: false } : {}), cause: error });
}

/**
 * Tries again what may pass: faults of the network, and answers that are not what was asked for (`IntegrityError`).
 *
 * @param attempt throws ModelJobError; errors of the file system pass through
 * @param progress bytes that the attempts have brought: one that brought many begins the count anew
 */
export async function retrying<T>(
  signal: AbortSignal,
  attempt: () => Promise<T>,
  progress: () => number = () => 0,
): Promise<T> {
  let at = progress();
  for (let fruitless = 1; ; fruitless++) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (progress() - at >= leastProgress) fruitless = 1;
      at = progress();
      if (!(error instanceof ModelJobError) || !mayPass(error) || fruitless === maxTries) throw error;
      await sleep(waitAfter(error, fruitless), undefined, { signal });
    }
  }
}

function mayPass(error: ModelJobError): boolean {
  if (error instanceof BeginAnew) return false;
  return error.retryable || error.code === 'IntegrityError' || error instanceof StubbornFault;
}

function waitAfter({ code, details }: ModelJobError, tries: number): number {
  // Another answer may be right at once; a busy hub needs time.
  if (code === 'IntegrityError') return 100;
  const asked = details['retryAfterMs'];
  const own = 2 ** tries * 100 * (0.5 + Math.random());
  return Math.min(typeof asked === 'number' ? Math.max(asked, own) : own, maxWait);
}
