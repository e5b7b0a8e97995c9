import { fetch, Headers, Response, type RequestInit } from 'undici';
import { isJson, ModelJobError } from '../../planner/index.js';
import type { HubConfig } from './config.js';
import type { HubHttp } from './http.js';
import { hubErrorOf } from './hub-errors.js';
import { asHubError, retrying } from './retry.js';
import { headBytes, strayAnswer } from './stray-answer.js';
import { StubbornFault } from './stubborn-fault.js';

/** Headers of a request: the token goes to the hub's own origin only. */
export function headersFor({ endpoint, auth }: HubConfig, url: URL): Record<string, string> {
  const ours = url.origin === new URL(endpoint).origin;
  return {
    'accept-encoding': 'identity',
    'user-agent': 'model-jobs',
    ...(ours && auth ? { authorization: `${auth.scheme} ${auth.value}` } : {}),
  };
}

/** @throws ModelJobError where `HF_HUB_OFFLINE` is set */
export function refuseOffline({ offline }: HubConfig, url: URL): void {
  if (!offline) return;
  throw new ModelJobError('Io', `HF_HUB_OFFLINE is set: \`${url.pathname}\` was not requested`, { retryable: false });
}

/**
 * A `fetch` for the hub's API: with the hub's token, tried again where that may help. Every answer is a good one.
 *
 * @throws ModelJobError `PermissionDenied`, `NotFound` (final), `Io` (may pass)
 */
export function createHubFetch(hub: HubConfig, http: HubHttp, signal: AbortSignal): typeof globalThis.fetch {
  const hubFetch: typeof fetch = async (input, init = {}) => {
    const url = new URL(input instanceof URL || typeof input === 'string' ? input : input.url);
    refuseOffline(hub, url);
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(headersFor(hub, url))) headers.set(name, value);
    return retrying(signal, async () => {
      const { answer, text } = await fetchText(url, { ...init, headers, signal, dispatcher: http.dispatcher });
      const { ok, status } = answer;
      if (!ok) throw hubErrorOf({ status, url, header: (name) => answer.headers.get(name), text }, hub);
      if (!isJson(text)) throw noJson(url, text);
      return new Response(text, { status, headers: answer.headers });
    });
  };
  // The library names the `fetch` of its environment, and calls it with an address and options.
  return hubFetch as unknown as typeof globalThis.fetch;
}

/** A whole answer: a body that breaks off is a fault like any other. */
async function fetchText(
  url: URL,
  init: RequestInit & { signal: AbortSignal },
): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(url, init);
    return { answer, text: await answer.text() };
  } catch (error) {
    init.signal.throwIfAborted();
    throw asHubError(error, `the hub at ${url.origin} can't be reached`);
  }
}

function noJson(url: URL, text: string): StubbornFault {
  const sent = strayAnswer(text.slice(0, headBytes)) ?? 'something else';
  return new StubbornFault('Io', `the hub at ${url.host} sent ${sent} instead of JSON for \`${url.pathname}\``);
}
