import type { HashRecord } from '../../../system/hashing/index.js';
import type { HashAlgorithm, HubFile } from '../hub-file.js';
import type { HubHttp } from '../http.js';
import type { RangeReader } from '../range-reader.js';

/** Up to this size a file is one request, and is held in memory until it is checked: it leaves nothing. In bytes. */
export const smallBytes = 1 << 20;

/** One file to fetch. */
export interface FileFetch {
  file: HubFile;
  /** Where the finished blob goes. */
  blob: string;
  /** Whether it may be there already. */
  mayBeThere: boolean;
  /** What is known of the bytes in the cache. */
  hashes: HashRecord;
  reader: RangeReader;
  http: HubHttp;
  signal: AbortSignal;
  /** Called with bytes that are here: kept from before, or fetched now. */
  onBytes: (count: number, source: 'kept' | 'fetched') => void;
  /** Called when the bytes were wrong, and are gone. */
  onDiscard: () => void;
}

/** What a file is hashed by while it comes: the first of what its etag may be, else SHA-256. */
export function firstAlgorithm({ algorithms }: HubFile): HashAlgorithm {
  return algorithms[0] ?? 'sha256';
}

/** A file whose bytes are all here, under no name of their own yet. */
export interface FetchedFile {
  /** The hash of the bytes, by {@link firstAlgorithm}. */
  digest: string;
  /** Their hash by another one. */
  digestBy: (algorithm: HashAlgorithm) => Promise<string>;
  publish: () => Promise<void>;
  discard: () => Promise<void>;
}
