import type { FileRequest } from '../../planner/index.js';

/** Which files of a repository are wanted. */
export interface RepoFetch {
  repoId: string;
  revision: string;
  requests: readonly FileRequest[];
  /** Where a bundle is made of the files, if one is. */
  bundleRoot?: string;
}

/** A file of a bundle that is on this machine's disk. */
export interface SourceFile {
  remotePath: string;
  /** Absolute path of the bytes. */
  path: string;
  size: number;
  /** SHA-256 of the bytes, where it is known already. */
  sha256?: string;
  etag?: string;
}

/** What a bundle is made from. */
export interface ModelSourceFiles {
  commit: string | null;
  files: SourceFile[];
  bytesFetched: number;
  bytesReused: number;
}
