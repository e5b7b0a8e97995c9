/** The hub and its cache, by the ecosystem's own variables (`HF_ENDPOINT`, `HF_TOKEN`, …). */
export interface HubConfig {
  /** Its address, without user and password, and with no slash at its end. */
  endpoint: string;
  /** What the `Authorization` of requests to the hub's own origin says; never sent elsewhere, never shown. */
  auth?: { scheme: 'Bearer' | 'Basic'; value: string };
  cacheDir: string;
  /** `HF_HUB_OFFLINE`: any request is an error. */
  offline: boolean;
  /** `MODEL_JOBS_UNVERIFIED`: whether files are refused of which the hub tells no hash. */
  refuseUnverified: boolean;
  /** Connections at once, over all transfers of the worker. */
  maxConnections: number;
  timeouts: HubTimeouts;
}

/** How long the hub may take, in milliseconds. A proxy that fills its own cache first may take hours for a first byte. */
export interface HubTimeouts {
  /** For an answer about a repository (`HF_HUB_ETAG_TIMEOUT`). */
  metadataMs: number;
  /** For the first byte of a file (`HF_HUB_DOWNLOAD_TIMEOUT`). */
  firstByteMs: number;
  /** For a body that brings next to nothing. */
  stallMs: number;
}
