import { randomBytes } from 'node:crypto';
import { copyFile, constants, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { ByteRange } from '../hub/range-reader.js';
import { writeFileAtomic } from '../job-files.js';
import { addRange, bytesIn, missingRanges, wholeUntil, type Extents } from './extents.js';

/** How often the journal follows the file, in milliseconds. */
const journalMs = 200;

/** Which bytes of a partial file are there. The journal is the truth: it never names a byte that is not written. */
interface Journal {
  /** The partial file, beside the journal. */
  file: string;
  parts: [start: number, end: number][];
}

const journalSchema = z.object({
  file: z.string().regex(/^[^/\\]+\.partial$/),
  parts: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])),
});

/** A file that is being fetched. */
export interface PartialFile {
  path: string;
  /** Bytes that are there. */
  bytes(): number;
  /** How far it is whole from its beginning. */
  wholeUntil(): number;
  missing(rangeLength: number): ByteRange[];
  /** Writes chunks that follow each other, from `start` on. */
  write(chunks: readonly Buffer[], start: number): Promise<void>;
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
  const journal = journalOf(blob);
  const left = await readJournal(journal);
  const earlier = left && join(dirname(blob), left.file);
  const path = earlier && !fenced ? earlier : `${blob}.${randomBytes(4).toString('hex')}.partial`;
  if (earlier && fenced) await copyIfThere(earlier, path);
  const there = await openIfThere(path);
  const handle = there ?? (await open(path, 'wx'));
  const parts = there && left ? left.parts.filter(([start, end]) => start < end && end <= size) : [];
  const extents = parts.map(([start, end]) => ({ start, end }));
  // From now on the next attempt finds this file.
  if (path !== earlier || extents.length === 0) await writeJournal(journal, path, extents);
  return partialFile({ path, blob, journal, handle, size, extents });
}

interface Opened {
  path: string;
  blob: string;
  journal: string;
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
    saving = saving.then(() => writeJournal(journal, path, now)).catch(() => void (dirty = true));
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
    async write(chunks, start) {
      const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      let { bytesWritten } = await handle.writev(chunks as Buffer[], start);
      // A full disk may take a part, and fail with the rest.
      for (const rest = Buffer.concat(bytesWritten < length ? chunks : []); bytesWritten < length;) {
        bytesWritten += (await handle.write(rest, bytesWritten, length - bytesWritten, start + bytesWritten))
          .bytesWritten;
      }
      extents = addRange(extents, { start, end: start + length });
      dirty = true;
    },
    async publish() {
      await end();
      await rename(path, blob);
      await rm(journal, { force: true });
    },
    async discard() {
      await end();
      await Promise.all([rm(path, { force: true }), rm(journal, { force: true })]);
    },
    async close() {
      save();
      await end();
      if (extents.length === 0) await Promise.all([rm(path, { force: true }), rm(journal, { force: true })]);
    },
  };
}

/** Where the journal of a blob's partial file is. */
export function journalOf(blob: string): string {
  return `${blob}.journal`;
}

/** Removes what an earlier attempt left of a blob that is whole now: another tool may have brought it. */
export async function removePartial(blob: string): Promise<void> {
  const left = await readJournal(journalOf(blob));
  if (!left) return;
  await rm(join(dirname(blob), left.file), { force: true });
  await rm(journalOf(blob), { force: true });
}

/** How many bytes an earlier attempt left of a blob. */
export async function bytesLeft(blob: string): Promise<number> {
  const journal = await readJournal(journalOf(blob));
  return journal ? journal.parts.reduce((sum, [start, end]) => sum + end - start, 0) : 0;
}

async function copyIfThere(left: string, path: string): Promise<void> {
  await copyFile(left, path, constants.COPYFILE_FICLONE).catch(ignoreMissing);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  return open(path, 'r+').catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function readJournal(path: string): Promise<Journal | undefined> {
  try {
    return z.safeParse(journalSchema, JSON.parse(await readFile(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

async function writeJournal(journal: string, path: string, extents: Extents): Promise<void> {
  const content: Journal = { file: basename(path), parts: extents.map(({ start, end }) => [start, end]) };
  await writeFileAtomic(journal, JSON.stringify(content), { flush: false });
}
