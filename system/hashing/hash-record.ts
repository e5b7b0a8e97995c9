import type { BigIntStats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../files/atomic-write.js';
import { readOnce } from '../files/read-once.js';
import { sha256OfFile } from './sha256-of-file.js';

/** What tells one state of a file from the next: `size:inode:time of change:time of change of the inode`, in ns. */
type FileState = string;

/** By absolute path. */
const recordSchema = z.record(z.string(), z.tuple([z.string(), z.string()]));

/**
 * A file's clock may be too coarse to tell two changes this close from each other, in milliseconds: what changed so
 * shortly before it was hashed is hashed once more.
 */
const coarsestMs = 2000;

export interface HashOptions {
  signal?: AbortSignal | undefined;
  onBytes?: ((count: number) => void) | undefined;
}

/** The SHA-256 of files, remembered for as long as they stay as they were. */
export interface HashRecord {
  /**
   * The file's SHA-256 as it is now; undefined where it must be computed. Links are followed.
   *
   * @param facts of the file, where the file system was asked just now
   */
  known(path: string, facts?: BigIntStats): Promise<string | undefined>;
  /** The same, computed where it must be. */
  sha256(path: string, options?: HashOptions): Promise<string>;
  /** Computes a file's hash in a way of the caller's, and remembers it where the file did not change meanwhile. */
  observe(path: string, hash: () => Promise<string>): Promise<string>;
  /** Takes in the hash of a file that nobody else writes. */
  remember(path: string, sha256: string): Promise<void>;
  /** Forgets a file, so that it is hashed again. */
  forget(path: string): void;
  /** Keeps what is new for the next process. */
  save(): Promise<void>;
}

/**
 * A record in a small file. Processes may share it: what one loses of another's is hashed again.
 *
 * @param path of the record; undefined for one in memory alone
 */
export async function openHashRecord(path?: string): Promise<HashRecord> {
  const entries = new Map(path === undefined ? [] : await readRecord(path));
  let changed = false;
  const put = (file: string, state: FileState, sha256: string): void => {
    entries.set(file, [state, sha256]);
    changed = true;
  };
  const record: HashRecord = {
    async known(file, facts) {
      const entry = entries.get(file);
      if (!entry) return undefined;
      return entry[0] === stateOf(facts ?? (await stat(file, { bigint: true }))) ? entry[1] : undefined;
    },
    async sha256(file, options = {}) {
      return (await record.known(file)) ?? record.observe(file, () => sha256OfFile(file, options));
    },
    async observe(file, hash) {
      const startedAt = Date.now();
      const before = await stat(file, { bigint: true });
      const sha256 = await hash();
      const settled = startedAt - Number(before.ctimeMs) > coarsestMs;
      if (settled && stateOf(await stat(file, { bigint: true })) === stateOf(before))
        put(file, stateOf(before), sha256);
      return sha256;
    },
    async remember(file, sha256) {
      put(file, stateOf(await stat(file, { bigint: true })), sha256);
    },
    forget(file) {
      entries.delete(file);
      changed = true;
    },
    async save() {
      if (!changed || path === undefined) return;
      changed = false;
      await writeFileAtomic(path, `${JSON.stringify(Object.fromEntries(entries))}\n`, { flush: false });
    },
  };
  return record;
}

function stateOf({ size, ino, mtimeNs, ctimeNs }: BigIntStats): FileState {
  return [size, ino, mtimeNs, ctimeNs].join(':');
}

/** A record that can't be read remembers nothing. */
async function readRecord(path: string): Promise<readonly [string, [FileState, string]][]> {
  return readEntries(path).catch(() => []);
}

const readEntries = readOnce(async (path) =>
  Object.entries(recordSchema.parse(JSON.parse(await readFile(path, 'utf8')))),
);
