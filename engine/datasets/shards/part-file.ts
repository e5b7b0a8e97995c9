import { copyFile, open, readdir, rm, truncate } from 'node:fs/promises';
import { constants, createReadStream } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { addCounts, ModelJobError, type RowCounts } from '../../../planner/index.js';
import { temporaryName } from '../../../system/files/atomic-write.js';
import { inRealFolder, makeRealFolder } from '../../../system/files/real-folder.js';
import { linesOf } from '../../../system/files/lines.js';
import { countLines, rowOfLine } from './row-line.js';

/**
 * The rows of a shard that are done, on disk. Each attempt writes a file of its own that begins with what the best
 * earlier one had: an attempt that the server gave up and that still works can't touch its successor's file.
 */
export interface PartFile {
  /** Lines that earlier attempts left, and how their rows came out. */
  lines: number;
  counts: RowCounts;
  /** Appends lines; they are on disk when it returns. */
  append(lines: readonly string[]): Promise<void>;
  /** Hands the whole file over, and removes what is left of all attempts. */
  publish(move: (path: string) => Promise<void>): Promise<void>;
  /** Leaves the file for the next attempt, if there is anything in it. */
  close(): Promise<void>;
}

/**
 * Opens this attempt's part of the shard that will be `path`.
 *
 * @throws ModelJobError `IntegrityError` when what an earlier attempt left is no part of a shard; it stays as it is
 */
export async function openPart(path: string): Promise<PartFile> {
  await makeRealFolder(dirname(path));
  const earlier = await leftBy(path);
  const best = await longestPart(earlier.filter(isPart));
  const own = `${temporaryName(path)}.part`;
  if (best) {
    await inRealFolder(dirname(path), (at) => copyFile(best.path, join(at, basename(own)), constants.COPYFILE_EXCL));
    await truncate(own, best.bytes);
  }
  const counts = best
    ? await countLinesOf(own, best.path).catch((error: unknown) => giveUp(own, error))
    : { succeeded: 0, failed: 0 };
  const file = await inRealFolder(dirname(path), (at) => open(join(at, basename(own)), best ? 'a' : 'ax'));
  await file.datasync();
  await removeAll(earlier);
  return {
    lines: best?.lines ?? 0,
    counts,
    async append(lines) {
      await file.appendFile(lines.map((line) => `${line}\n`).join(''));
      await file.datasync();
    },
    async publish(move) {
      await move(own);
      await removeAll(await leftBy(path));
    },
    async close() {
      const { size } = await file.stat();
      await file.close();
      if (size === 0) await removeAll([own]);
    },
  };
}

async function giveUp(own: string, error: unknown): Promise<never> {
  await removeAll([own]);
  throw error;
}

async function removeAll(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}

async function longestPart(
  paths: readonly string[],
): Promise<{ path: string; lines: number; bytes: number } | undefined> {
  const parts = await Promise.all(paths.map(async (path) => ({ path, ...(await wholeLines(path)) })));
  return parts.sort((left, right) => right.bytes - left.bytes)[0];
}

/** What attempts at this shard have left: their parts, and what they made of those. */
async function leftBy(path: string): Promise<string[]> {
  const entries = await readdir(dirname(path), { withFileTypes: true });
  // No attempt leaves a link.
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return names
    .filter((name) => name.startsWith(`${basename(path)}.`) && /\.part(?:\.merged)?$/.test(name))
    .map((name) => join(dirname(path), name));
}

function isPart(path: string): boolean {
  return path.endsWith('.part');
}

/** A file's lines up to its last line break: a process that dies may leave half a line. */
async function wholeLines(path: string): Promise<{ lines: number; bytes: number }> {
  let lines = 0;
  let bytes = 0;
  let at = 0;
  for await (const data of createReadStream(path)) {
    const chunk = data as Buffer;
    for (let from = chunk.indexOf(10); from !== -1; from = chunk.indexOf(10, from + 1)) {
      lines += 1;
      bytes = at + from + 1;
    }
    at += chunk.length;
  }
  return { lines, bytes };
}

/**
 * How the rows of a part came out.
 *
 * @param from the part that these lines were copied of, for the message
 * @throws ModelJobError `IntegrityError` for a line of no row
 */
async function countLinesOf(path: string, from: string): Promise<RowCounts> {
  let counts: RowCounts = { succeeded: 0, failed: 0 };
  let line = 0;
  let before = -1;
  for await (const texts of linesOf(path)) {
    for (const text of texts) {
      line += 1;
      const row = rowOfLine(text) ?? -1;
      if (row <= before) {
        throw new ModelJobError('IntegrityError', `\`${from}:${line}\` is no row of its shard: ${text.slice(0, 100)}`);
      }
      before = row;
    }
    counts = addCounts(counts, countLines(texts));
  }
  return counts;
}
