import type { Fault } from './faults.js';

/** What a request is for; `other` is every path that the hub does not know. */
export type RouteKind = 'model-info' | 'tree' | 'paths-info' | 'resolve' | 'raw' | 'resolve-cache' | 'cdn' | 'other';

/** One request as the hub understood it, before it is answered. */
export interface HubRequest {
  /** How many requests came before, in all. */
  index: number;
  /** 1 for the first request with this method, kind, repo, revision and path; 2 for the second. */
  attempt: number;
  method: string;
  kind: RouteKind;
  /** Path and query as they were sent. */
  url: string;
  repo?: string | undefined;
  revision?: string | undefined;
  /** The file's path in its repo, decoded. */
  path?: string | undefined;
  headers: Record<string, string | string[] | undefined>;
}

/** One repo: where its files are and who may read them. */
export interface RepoOptions {
  /** The folder whose files are the repo at `main`. */
  folder: string;
  /** Further revisions by name, such as `v1.0` or `refs/pr/1`, each with its own folder; `main` may be one. */
  revisions?: Record<string, string>;
  /** Which files are kept in LFS; by default those of 10 MB and more and those of binary model formats. */
  lfs?: (path: string, sizeBytes: number) => boolean;
  /** Files only with access: `true` for the hub's token, or the tokens that have it. Listings stay open. */
  gated?: boolean | string[];
  /** The whole repo only with access; to others it does not exist. */
  private?: boolean | string[];
}

/** How a hub behaves. */
export interface HubOptions {
  /** By repo id, `owner/name` or `name`. */
  repos: Record<string, RepoOptions>;
  /** Default 0: any free port. */
  port?: number;
  /** When given, every request but those to the CDN must carry it. */
  token?: string;
  /** Entries in a page of a listing, default 1000. */
  pageSize?: number;
  /** Whether files in LFS are answered by a redirect to the CDN, default true. */
  redirectLfs?: boolean;
  /** For how long a link to the CDN is valid, default one hour. */
  linkLifetimeMs?: number;
  /** Whether other files are answered by a relative redirect, as the real hub may do; default false. */
  redirectRegular?: boolean;
  /** What a caller without a token gets for a repo that is not there: the real hub says 401; default 404. */
  missingRepoStatus?: 401 | 404;
  /** A limit for the bodies on each connection, default none. */
  bytesPerSecond?: number;
  /** How long each answer waits, in milliseconds; default 0. */
  firstByteDelayMs?: number;
  /** Called with each request as it comes in. */
  onRequest?: (request: HubRequest) => void;
  /** What goes wrong with a request, if anything. */
  faults?: (request: HubRequest) => Fault | undefined;
}

/** Counters since the start or the last reset. */
export interface HubStats {
  /** By method and route kind, such as `GET resolve`. */
  requests: Record<string, number>;
  /** Bytes of file bodies handed to the network, by repo and path, such as `owner/name/onnx/model.onnx`. */
  bytes: Record<string, number>;
  /** TCP connections accepted. */
  connections: number;
}

/** A running hub. */
export interface Hub {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  /** The origin that LFS redirects lead to: another port, so that clients treat it as another host. */
  cdnUrl: string;
  readonly stats: HubStats;
  resetStats(): void;
  /** Adds a repo or replaces it; call it after changing a folder too. Earlier commits can still be asked for. */
  setRepo(id: string, options: RepoOptions): void;
  /**
   * The commit that a revision stands at; the first call reads and hashes the whole folder.
   *
   * @throws ModelJobError `NotFound`.
   */
  commit(repo: string, revision?: string): Promise<string>;
  /** Ends every connection and waits until nothing runs any more. */
  close(): Promise<void>;
}
