/** What part of a file to read, in bytes; `end` is not included. */
export interface ReadOptions {
  start?: number;
  end?: number | undefined;
  /** The object on S3 must still be of this version; what is read of a disk is compared by who reads it. */
  version?: FileVersion | undefined;
  signal?: AbortSignal | undefined;
}

/** What tells one version of a file from another, as far as a storage knows it. */
export interface FileVersion {
  sizeBytes: number;
  /** On a disk: when its bytes changed last, in milliseconds since 1970, and which file the name means. */
  modifiedMs?: number | undefined;
  inode?: number | undefined;
  /** On S3. */
  etag?: string | undefined;
  versionId?: string | undefined;
}

/** A file of a folder. `name` is relative to the folder, with `/`. */
export interface ListedFile {
  name: string;
  sizeBytes: number;
}

/** A file that was written as a whole. `uri` is `file://…` or `s3://…`, `sha256` lowercase hex. */
export interface StoredFile {
  uri: string;
  sizeBytes: number;
  sha256: string;
}

/** A file by its location; `sizeBytes` where to list it told that. */
export interface StoredAt {
  location: string;
  sizeBytes?: number;
}

/** What requests may name: what is below a root, but for hidden names and for what is closed. */
export interface Walls {
  /** Folders, and `s3://bucket/prefix`. */
  roots: readonly string[];
  /** Folders and files that only a root at them, or inside, opens. */
  closed: readonly string[];
}

/** One file, or the files right in a folder, by name. */
export interface FilesAt {
  isFolder: boolean;
  files: StoredAt[];
}

/**
 * A kind of storage: what its locations look like, and how its folders are opened. Locations that requests name come
 * through `locate` first.
 */
export interface StorageScheme {
  /** What its locations look like, for messages. */
  readonly form: string;
  /** Whether a location is of this kind. */
  owns(location: string): boolean;
  /** A root in full, as the operator named it. */
  root(named: string): string;
  /**
   * A location as a request has it, in full and with links resolved; undefined outside the roots.
   *
   * @param walls with the roots of this kind alone
   * @param field where it stands in the request, for the message
   * @throws ModelJobError `InvalidUri`, `InvalidArgument`, `PermissionDenied` for what a root around it doesn't open
   */
  locate(named: string, walls: Walls, field: string): Promise<string | undefined>;
  below(location: string, ...names: string[]): string;
  /** The folder of a file, and its name there. */
  split(location: string): { folder: string; name: string };
  parentOf(location: string): string;
  nameOf(location: string): string;
  openFolder(location: string): StorageFolder;
  /** What is at a location; undefined where there is nothing. */
  filesAt(location: string, signal: AbortSignal): Promise<FilesAt | undefined>;
  /** The locations of files that a pattern matches, in order; undefined for what is no pattern. */
  matching?(pattern: string): Promise<string[] | undefined>;
}

/**
 * A folder of files, on this machine's disk or on S3-compatible storage. Names are relative, with `/`. Every method
 * throws `ModelJobError` or an error of the file system, and the signal's reason when it is aborted; faults of a
 * network that may pass are retryable `Io`.
 */
export interface StorageFolder {
  /** The absolute path, or `s3://bucket/prefix` without a slash at its end. */
  readonly location: string;
  /** Whether files are on this machine's disk, at `location/name`. */
  readonly isLocal: boolean;
  /** Where a file is, as `file://…` or `s3://…`. */
  uriOf(name: string): string;
  /**
   * A file's bytes, piece by piece.
   *
   * @throws `NotFound`
   */
  read(name: string, options?: ReadOptions): AsyncGenerator<Buffer>;
  /** Writes a file whole or not at all: its name never means half its bytes. */
  write(
    name: string,
    data: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<StoredFile>;
  /** Moves a finished file of this machine here, whole or not at all. On the same disk nothing is copied. */
  publish(path: string, name: string, signal?: AbortSignal): Promise<Omit<StoredFile, 'sha256'>>;
  /** A file's size; undefined where there is none. */
  stat(name: string, signal?: AbortSignal): Promise<{ sizeBytes: number } | undefined>;
  /** A file's version; undefined where there is none. */
  versionOf(name: string, signal?: AbortSignal): Promise<FileVersion | undefined>;
  /** The files whose names begin with `prefix`, those in folders below included, in no order. */
  list(prefix: string, signal?: AbortSignal): AsyncGenerator<ListedFile>;
  /**
   * Makes `name` lead to `target`, another file of this folder: by a symbolic link, and by a copy on S3, which has none.
   * What `name` led to before stays where it is; a file that is there under the name itself is moved to `earlier-…/`.
   */
  link(name: string, target: string, signal?: AbortSignal): Promise<void>;
  /** The names that `link` gave; where a storage can't tell, the likely ones. */
  links(likely: readonly string[]): Promise<readonly string[]>;
  /** Undoes `link`: the file that `name` led to stays. */
  unlink(name: string, signal?: AbortSignal): Promise<void>;
  /** Removes a file; one that is not there is no error. */
  remove(name: string, signal?: AbortSignal): Promise<void>;
}
