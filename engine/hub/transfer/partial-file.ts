import { randomBytes } from 'node:crypto';
import { constants, copyFile, open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { ByteRange } from '../byte-range.js';
import { addRange, bytesIn, missingRanges, wholeUntil, type Extents } from './extents.js';
import { openJournal, readSavedPartial, removeBegunJournals, type Journal } from './journal.js';

/** How often the journal follows the file, in milliseconds. */
const journalMs = 200;

/** A file that is being fetched. */
export interface PartialFile {
  path: string;
  /** Bytes that are there. */
  bytes(): number;
  /** How far it is whole from its beginning. */
  wholeUntil(): number;
  missing(rangeLength: number): ByteRange[];
  /** Writes bytes from `start` on. */
  write(bytes: Buffer, start: number): Promise<void>;
  /** Gives the file its name; it is whole and checked. */
  publish(): Promise<void>;
  /** Removes it. */
  discard(): Promise<void>;
  /** Lets go of it; what is there stays for the next attempt. */
  close(): Promise<void>;
}

/**
 * Opens what an earlier attempt left of `blob`, or a new file. Each attempt has a file name of its own: an attempt that
 * was given up and still works can write, and even publish, only what is its own.
 *
 * @param fenced whether the attempt before may still write: then its bytes are copied, else its file is taken over
 */
export async function openPartial(blob: string, size: number, fenced: boolean): Promise<PartialFile> {
  const left = await readSavedPartial(blob);
  const path = left && !fenced ? left.path : `${blob}.${randomBytes(4).toString('hex')}.partial`;
  if (left && fenced) await copyFile(left.path, path, constants.COPYFILE_FICLONE).catch(ignoreMissing);
  const there = await open(path, 'r+').catch(ignoreMissing);
  const handle = there ?? (await open(path, 'wx'));
  const extents = there && left ? left.extents.filter(({ start, end }) => start < end && end <= size) : [];
  if (left) await removeBegunJournals(blob);
  const journal = await openJournal(blob, path, extents);
  return partialFile({ path, blob, journal, handle, size, extents });
}

interface Opened {
  path: string;
  blob: string;
  journal: Journal;
  handle: FileHandle;
  size: number;
  extents: Extents;
}

function partialFile({ path, blob, journal, handle, size, extents: found }: Opened): PartialFile {
  let extents = found;
  let dirty = false;
  let saving: Promise<void> = Promise.resolve();
  const save = (): void => {
    if (!dirty) return;
    dirty = false;
    const now = extents;
    saving = saving.then(() => journal.write(now)).catch(() => void (dirty = true));
  };
  const timer = setInterval(save, journalMs);
  const end = async (): Promise<void> => {
    clearInterval(timer);
    await saving;
    await handle.close();
  };
  return {
    path,
    bytes: () => bytesIn(extents),
    wholeUntil: () => wholeUntil(extents),
    missing: (length) => missingRanges(extents, size, length),
    async write(bytes, start) {
      // A full disk may take a part, and fail with the rest.
      for (let written = 0; written < bytes.length;) {
        written += (await handle.write(bytes, written, bytes.length - written, start + written)).bytesWritten;
      }
      extents = addRange(extents, { start, end: start + bytes.length });
      dirty = true;
    },
    async publish() {
      await end();
      await rename(path, blob);
      await journal.remove();
    },
    async discard() {
      await end();
      await rm(path, { force: true });
      await journal.remove();
    },
    async close() {
      save();
      if (extents.length === 0) return this.discard();
      await end();
      await journal.close();
    },
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
