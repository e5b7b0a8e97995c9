import type { FileSelection } from '../../planner/index.js';
import type { HashRecord } from '../../system/hashing/index.js';

/** Which files of a repository are wanted. */
export interface RepoFetch {
  repoId: string;
  revision: string;
  /** The commit that the job has pinned; the revision is not asked for then. */
  commit?: string | undefined;
  selection: FileSelection;
  /** Where a bundle is made of the files, if one is. */
  bundleRoot?: string;
  /** What is known of the bytes in the cache. */
  hashes: HashRecord;
  /** Called with the commit, before its files are brought. */
  onCommit: (commit: string) => void;
  /** The files of the commit, where all that was asked for is here: the hub is not asked for them. */
  bundled?: (commit: string) => Promise<ModelSourceFiles | undefined>;
}

/** A file of a bundle that is on this machine's disk. */
export interface SourceFile {
  remotePath: string;
  /** Absolute path of the bytes. */
  path: string;
  size: number;
  /** SHA-256 of the bytes, where it was computed. */
  sha256?: string;
  etag?: string;
  /** Why its bytes could not be held against a hash of its source's, where they could not. */
  unverified?: string;
  /** Whether nobody writes the file again, so that a bundle may share it. */
  linkable: boolean;
}

/** What a bundle is made from. */
export interface ModelSourceFiles {
  commit: string | null;
  files: SourceFile[];
  /** The requested paths of which it is known whether the source has them. */
  asked: string[];
  /** What was chosen, where the requests do not say it by themselves. */
  chosen?: string[];
  bytesFetched: number;
  bytesReused: number;
}
