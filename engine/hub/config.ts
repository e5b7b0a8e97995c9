/** The hub and its cache, by the ecosystem's own variables (`HF_ENDPOINT`, `HF_TOKEN`, …). */
export interface HubConfig {
  endpoint: string;
  token?: string | undefined;
  cacheDir: string;
  /** `HF_HUB_OFFLINE`: any request is an error. */
  offline: boolean;
  /** Connections at once, over all transfers of the worker. */
  maxConnections: number;
  /** How long an answer may take to begin, and a body may bring next to nothing, in milliseconds. */
  timeoutMs: number;
}
