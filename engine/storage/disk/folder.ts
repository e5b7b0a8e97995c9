import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModelJobError } from '../../../planner/index.js';
import { temporaryName } from '../../../system/files/atomic-write.js';
import { isErrno, isMissingError } from '../../../system/files/errno.js';
import { inRealFolder, openRealFile } from '../../../system/files/real-folder.js';
import { leadsTo, linkPath, linksIn, unlinkPath } from './links.js';
import type { FileVersion, ListedFile, ReadOptions, StorageFolder, StoredFile } from '../storage.js';

/** Bytes that are read at once. */
const readBytes = 1 << 20;

/** A folder of this machine's disk, by its absolute path. */
export function diskFolder(location: string): StorageFolder {
  const pathOf = (name: string): string => join(location, name);
  return {
    location,
    isLocal: true,
    uriOf: (name) => pathToFileURL(pathOf(name)).href,
    read: (name, options) => readPath(pathOf(name), options),
    write: (name, data, signal) => writePath(pathOf(name), data, signal),
    publish: (path, name) => movePath(path, pathOf(name)),
    async stat(name) {
      const version = await versionOfPath(pathOf(name));
      return version && { sizeBytes: version.sizeBytes };
    },
    versionOf: (name) => versionOfPath(pathOf(name)),
    list: (prefix, signal) => listPath(location, prefix, signal),
    link: (name, target) => inRealFolder(location, (at) => linkPath(at, name, target)),
    links: () => linksIn(location),
    unlink: (name) => inRealFolder(location, (at) => unlinkPath(at, name)),
    remove: (name) => inRealFolder(dirname(pathOf(name)), (at) => rm(join(at, basename(name)), { force: true })),
  };
}

async function* readPath(path: string, { start = 0, end, signal }: ReadOptions = {}): AsyncGenerator<Buffer> {
  if (end !== undefined && end <= start) return;
  const last = end === undefined ? {} : { end: end - 1 };
  const file = await openRealFile(await leadsTo(path)).catch((error: unknown) => {
    throw isErrno(error, 'ENOENT') ? new ModelJobError('NotFound', `\`${path}\` does not exist`) : error;
  });
  for await (const chunk of file.createReadStream({ start, ...last, highWaterMark: readBytes, signal })) {
    yield chunk as Buffer;
  }
}

async function writePath(
  path: string,
  data: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<StoredFile> {
  return inRealFolder(dirname(path), async (at) => {
    const stored = await writeIn(join(at, basename(path)), data, signal);
    return { uri: pathToFileURL(path).href, ...stored };
  });
}

async function writeIn(
  path: string,
  data: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<Omit<StoredFile, 'uri'>> {
  const temporary = temporaryName(path);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(temporary, 'wx');
  try {
    for await (const chunk of data) {
      signal?.throwIfAborted();
      hash.update(chunk);
      sizeBytes += chunk.length;
      await file.writeFile(chunk);
    }
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** Another disk has no rename: there the bytes are copied under a temporary name first. */
async function movePath(from: string, to: string): Promise<Omit<StoredFile, 'sha256'>> {
  const { size } = await inRealFolder(dirname(to), async (at) => {
    const path = join(at, basename(to));
    await rename(from, path).catch((error: unknown) => {
      if (!isErrno(error, 'EXDEV')) throw error;
      return copyAcross(from, path);
    });
    return stat(path);
  });
  return { uri: pathToFileURL(to).href, sizeBytes: size };
}

async function copyAcross(from: string, to: string): Promise<void> {
  const temporary = temporaryName(to);
  try {
    await copyFile(from, temporary, constants.COPYFILE_EXCL);
    const file = await open(temporary, 'r+');
    await file.sync().finally(() => file.close());
    await rename(temporary, to);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await rm(from, { force: true });
}

async function versionOfPath(path: string): Promise<FileVersion | undefined> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return { sizeBytes: size, modifiedMs: mtimeMs, inode: ino };
  } catch (error) {
    if (isMissingError(error)) return undefined;
    throw error;
  }
}

async function* listPath(location: string, prefix: string, signal?: AbortSignal): AsyncGenerator<ListedFile> {
  const from = join(location, prefix.slice(0, prefix.lastIndexOf('/') + 1));
  for (const entry of await entriesOf(from)) {
    signal?.throwIfAborted();
    const path = join(entry.parentPath, entry.name);
    const name = relative(location, path).split(sep).join('/');
    if (!entry.isFile() || !name.startsWith(prefix)) continue;
    const found = await versionOfPath(path);
    if (found) yield { name, sizeBytes: found.sizeBytes };
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (isMissingError(error)) return [];
    throw error;
  }
}
