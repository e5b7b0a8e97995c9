import { fetch, type RequestInit, type Response } from 'undici';
import { isJson, ModelJobError } from '../../planner/index.js';
import type { HubConfig } from './config.js';
import type { HubHttp } from './http.js';
import type { HubApi } from './hub-api.js';
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
export function createHubFetch(hub: HubConfig, http: HubHttp, signal: AbortSignal): HubApi['fetch'] {
  return (url, init) => {
    refuseOffline(hub, url);
    const headers = { ...init?.headers, ...headersFor(hub, url) };
    return retrying(signal, async () => {
      const { answer, text } = await fetchText(url, { ...init, headers, signal, dispatcher: http.dispatcher });
      const header = (name: string): string | null => answer.headers.get(name);
      if (!answer.ok) throw hubErrorOf({ status: answer.status, url, header, text }, hub);
      if (!isJson(text)) throw noJson(url, text);
      return { text, header };
    });
  };
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
