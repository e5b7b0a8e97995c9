import { createHash } from 'node:crypto';
import { statSync, type Stats } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { modelDigestText } from '../../planner/index.js';
import { temporaryName, writeFileAtomic } from '../../system/files/atomic-write.js';
import { isErrno } from '../../system/files/errno.js';
import { inSlices } from '../../system/files/in-slices.js';
import { readOnce } from '../../system/files/read-once.js';
import { sha256OfFile } from '../../system/hashing/index.js';

const fileSchema = z.object({ size: z.int(), sha256: z.string(), mtimeMs: z.int() });
const filesSchema = z.record(z.string(), fileSchema);

/** A file of a model: its size in bytes, its SHA-256, when it was last changed in whole milliseconds since 1970. */
export type ModelFile = z.infer<typeof fileSchema>;

/** The files of one model: `{home}/bundles/.by-digest/{digest}/files/…`, never changed once made. */
export interface ModelFolder {
  path: string;
  digest: string;
  /** By their paths in the model. */
  files: Readonly<Record<string, ModelFile>>;
}

/** Where the models of a home are. */
export function modelFolders(home: string): string {
  return join(home, 'bundles', '.by-digest');
}

/** The folder of a digest, in a folder of bundles. */
export function modelFolder(bundles: string, digest: string): string {
  return join(bundles, '.by-digest', digest);
}

/** The digest of a model of these files. */
export function digestOf(files: readonly { path: string; size: number; sha256: string }[]): string {
  return createHash('sha256').update(modelDigestText(files)).digest('hex');
}

/** The folder of a digest; undefined where it is not there, or is not as it was made. */
export async function findFolder(home: string, digest: string): Promise<ModelFolder | undefined> {
  const path = join(modelFolders(home), digest);
  const files = await readFiles(path);
  return files && (await isAsMade(join(path, 'files'), files)) ? { path, digest, files } : undefined;
}

/** The files that a folder was made of; undefined where there is no such folder. */
export async function readFiles(path: string): Promise<ModelFolder['files'] | undefined> {
  return readParsed(join(path, 'files.json')).catch(() => undefined);
}

const readParsed = readOnce(async (path) => filesSchema.parse(JSON.parse(await readFile(path, 'utf8'))));

/** Whether each file has its size and time of change still. */
export async function isAsMade(
  filesDirectory: string,
  files: Readonly<Record<string, Pick<ModelFile, 'size' | 'mtimeMs'>>>,
): Promise<boolean> {
  const checks = await inSlices(Object.entries(files), ([name, { size, mtimeMs }]) => {
    const stats = statsOf(join(filesDirectory, name));
    return stats?.size === size && Math.floor(stats.mtimeMs) === mtimeMs;
  });
  return checks.every(Boolean);
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Makes a model's folder: it appears whole, by a rename. One that is there and is not as it was made is replaced.
 *
 * @param fill puts the files into the folder that it is given
 * @param again whether the bytes of one that is there are compared too: it is replaced where they are wrong
 */
export async function makeFolder(
  home: string,
  fill: (filesDirectory: string) => Promise<ModelFolder['files']>,
  { again, signal }: { again: boolean; signal: AbortSignal },
): Promise<ModelFolder> {
  const making = temporaryName(join(modelFolders(home), 'making'));
  try {
    await mkdir(join(making, 'files'), { recursive: true });
    const files = await fill(join(making, 'files'));
    await writeFileAtomic(join(making, 'files.json'), `${JSON.stringify(files)}\n`);
    const digest = digestOf(Object.entries(files).map(([path, file]) => ({ path, ...file })));
    const isRight = (there: ModelFolder): Promise<boolean> | boolean => !again || hasBytes(there, making, signal);
    const meanwhile = await publish(home, making, digest, isRight);
    return meanwhile ?? { path: join(modelFolders(home), digest), digest, files };
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Returns the folder that another has made meanwhile. */
async function publish(
  home: string,
  making: string,
  digest: string,
  isRight: (there: ModelFolder) => Promise<boolean> | boolean,
): Promise<ModelFolder | undefined> {
  const path = join(modelFolders(home), digest);
  for (;;) {
    try {
      await rename(making, path);
      return undefined;
    } catch (error) {
      if (!isErrno(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    }
    const there = await findFolder(home, digest);
    if (there && (await isRight(there))) return there;
    await replaceFiles(path, making);
  }
}

/** Whether a folder has the bytes that it was made of: links of the files that were just hashed have. */
async function hasBytes({ path, files }: ModelFolder, making: string, signal: AbortSignal): Promise<boolean> {
  for (const [name, { sha256 }] of Object.entries(files)) {
    const file = join(path, 'files', name);
    const [there, made] = await Promise.all([stat(file), stat(join(making, 'files', name))]);
    const isLink = there.dev === made.dev && there.ino === made.ino;
    if (!isLink && (await sha256OfFile(file, { signal })) !== sha256) return false;
  }
  return true;
}

/** Moves a broken folder out of the way; its names and users go over to the new one. */
async function replaceFiles(path: string, making: string): Promise<void> {
  const broken = `${temporaryName(path)}.removed`;
  await rename(path, broken).catch(() => undefined);
  for (const part of ['names', 'users']) {
    await rename(join(broken, part), join(making, part)).catch(() => undefined);
  }
  await rm(broken, { recursive: true, force: true });
}
