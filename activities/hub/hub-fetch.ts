import { fetch, Headers } from 'undici';
import { ModelJobError } from '../../planner/index.js';
import type { HubConfig } from '../config.js';
import type { HubHttp } from './http.js';
import { hubErrorOf } from './hub-errors.js';
import { asHubError, retrying } from './retry.js';

/** Headers of a request: the token goes to the hub's own origin only. */
export function headersFor({ endpoint, token }: HubConfig, url: URL): Record<string, string> {
  const ours = url.origin === new URL(endpoint).origin;
  return {
    'accept-encoding': 'identity',
    'user-agent': 'model-jobs',
    ...(ours && token ? { authorization: `Bearer ${token}` } : {}),
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
      const response = await fetch(url, { ...init, headers, signal, dispatcher: http.dispatcher }).catch(
        (error: unknown) => {
          signal.throwIfAborted();
          throw asHubError(error, `the hub at ${url.origin} can't be reached`);
        },
      );
      if (response.ok) return response;
      const text = await response.text().catch(() => '');
      throw hubErrorOf({ status: response.status, url, header: (name) => response.headers.get(name), text }, hub);
    });
  };
  // The library names the `fetch` of its environment, and calls it with an address and options.
  return hubFetch as unknown as typeof globalThis.fetch;
}
