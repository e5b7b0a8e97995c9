import pLimit, { type LimitFunction } from 'p-limit';
import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import type { HubConfig } from './config.js';

/** A worker's way to the network, shared by all of its transfers. */
export interface HubHttp {
  /** Keeps connections open, and goes through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name. */
  dispatcher: Dispatcher;
  /** Bodies that are read at once, over all transfers. */
  bodies: LimitFunction;
}

/** Loopback addresses never go through a proxy, as Go has it. */
const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/** The longest that a connection may take to stand, in milliseconds. */
const mostConnectMs = 20_000;

/** The connections of one worker. */
export function createHubHttp({ maxConnections, timeouts: { metadataMs } }: HubConfig): HubHttp {
  const noProxy = [process.env['NO_PROXY'] ?? process.env['no_proxy'] ?? [], loopback].flat().join(',');
  const dispatcher = new EnvHttpProxyAgent({
    noProxy,
    connections: maxConnections,
    headersTimeout: metadataMs,
    bodyTimeout: metadataMs,
    connect: { timeout: Math.min(metadataMs, mostConnectMs) },
  });
  return { dispatcher, bodies: pLimit(maxConnections) };
}
