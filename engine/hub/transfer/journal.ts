import { open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../../system/files/atomic-write.js';
import { bytesIn, type Extents } from './extents.js';

/** The journal is written in whole blocks, so that one write replaces it, and a full disk still takes it. */
const block = 4096;

const journalSchema = z.object({
  file: z.string().regex(/^[^/\\]+\.partial$/),
  parts: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])),
});

/** What an earlier attempt left of a blob. */
export interface SavedPartial {
  /** Absolute path of the partial file. */
  path: string;
  /** Which of its bytes are there; none that is not written. */
  extents: Extents;
}

/** The record of a partial file, beside its blob: `{blob}.journal`. */
export interface Journal {
  /** Replaces what it says; safe against a process that dies meanwhile. */
  write(extents: Extents): Promise<void>;
  close(): Promise<void>;
  /** Closes and removes it. */
  remove(): Promise<void>;
}

/** Begins a journal. It is a file of its own: whoever wrote the one before can't touch it. */
export async function openJournal(blob: string, partial: string, extents: Extents): Promise<Journal> {
  const path = journalOf(blob);
  await writeFileAtomic(path, textOf(partial, extents), { flush: false });
  const handle = await open(path, 'r+');
  let length = 0;
  return {
    async write(now) {
      const text = textOf(partial, now);
      await handle.write(text, 0);
      if (text.length < length) await handle.truncate(text.length);
      length = text.length;
    },
    close: () => handle.close(),
    async remove() {
      await handle.close();
      await rm(path, { force: true });
    },
  };
}

/** What an earlier attempt left of a blob; undefined where it left nothing that can be used. */
export async function readSavedPartial(blob: string): Promise<SavedPartial | undefined> {
  try {
    const { file, parts } = z.parse(journalSchema, JSON.parse(await readFile(journalOf(blob), 'utf8')));
    return { path: join(dirname(blob), file), extents: parts.map(([start, end]) => ({ start, end })) };
  } catch {
    return undefined;
  }
}

/** Removes what an earlier attempt left of a blob that is whole now: another tool may have brought it. */
export async function removeSavedPartial(blob: string): Promise<void> {
  const left = await readSavedPartial(blob);
  if (!left) return;
  await rm(left.path, { force: true });
  await rm(journalOf(blob), { force: true });
}

/** Removes the journals of a blob that attempts began and died over. */
export async function removeBegunJournals(blob: string): Promise<void> {
  const folder = dirname(blob);
  const begun = new RegExp(`^${basename(blob)}\\.journal\\.[0-9a-f]+\\.tmp$`);
  const names = (await readdir(folder)).filter((name) => begun.test(name));
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}

/** How many bytes an earlier attempt left of a blob. */
export async function bytesLeft(blob: string): Promise<number> {
  return bytesIn((await readSavedPartial(blob))?.extents ?? []);
}

function journalOf(blob: string): string {
  return `${blob}.journal`;
}

function textOf(partial: string, extents: Extents): string {
  const json = JSON.stringify({ file: basename(partial), parts: extents.map(({ start, end }) => [start, end]) });
  return json.padEnd(Math.ceil(json.length / block) * block);
}
