import { setTimeout as sleep } from 'node:timers/promises';
import { ModelJobError } from '../../planner/index.js';
import type { HubConfig } from '../config.js';
import { hubErrorOf } from './hub-errors.js';

/** How long a hub may take to begin its answer, in milliseconds. */
const answerTimeout = 30_000;

/** Tries of one request before the activity fails, and Temporal tries the whole of it later. */
const maxTries = 5;

/** The longest wait that a hub's `Retry-After` may ask for within an activity, in milliseconds. */
const maxWait = 30_000;

/** A `fetch` for one hub: with its token, bounded in time, tried again where that may help. Answers are never errors. */
export type HubFetch = (input: URL | string, init?: RequestInit) => Promise<Response>;

/**
 * The one way to the network. The token goes to the hub's own origin only: `fetch` drops it when a redirect leads away.
 *
 * @throws ModelJobError `PermissionDenied`, `NotFound` (final), `Io` (may pass)
 */
export function createHubFetch(hub: HubConfig, signal: AbortSignal): HubFetch {
  const origin = new URL(hub.endpoint).origin;
  return async (input, init = {}) => {
    const url = new URL(input);
    if (hub.offline) {
      throw new ModelJobError('Io', `HF_HUB_OFFLINE is set: \`${url.pathname}\` was not requested`, {
        retryable: false,
      });
    }
    const headers = new Headers(init.headers);
    headers.set('accept-encoding', 'identity');
    if (hub.token && url.origin === origin) headers.set('authorization', `Bearer ${hub.token}`);
    return await retrying(signal, () => request(url, { ...init, headers }, signal));
  };
}

async function request(url: URL, init: RequestInit, signal: AbortSignal): Promise<Response> {
  // Only the answer's beginning is bounded here; a body that stalls is bounded by who reads it.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), answerTimeout);
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.any([signal, late.signal]) });
    if (response.ok) return response;
    throw await hubErrorOf(response);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ModelJobError) throw error;
    const reason = late.signal.aborted ? `no answer within ${answerTimeout / 1000} s` : reasonOf(error);
    throw new ModelJobError('Io', `the hub at ${url.origin} can't be reached: ${reason}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function retrying<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ModelJobError) || !error.retryable || tries === maxTries) throw error;
      const asked = error.details['retryAfterMs'];
      const wait = typeof asked === 'number' ? asked : 2 ** tries * 100 * (0.5 + Math.random());
      await sleep(Math.min(wait, maxWait), undefined, { signal });
    }
  }
}

/** What `fetch` hides behind `fetch failed`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
