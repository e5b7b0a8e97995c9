import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartialDownload } from '../../../planner/index.js';
import { isLocked } from '../../../system/files/file-lock.js';

/** What our fetches leave beside a blob, by its etag: see transfer/partial-file.ts, and temporaryName in system/files. */
const partialName =
  /^([0-9a-f]{40,64})\.(?:[0-9a-f]{8}\.partial|journal|(?:(?:journal|lock)\.)?(?:[0-9a-f]{16}|\d+\.\d+)\.tmp)$/;

/** What interrupted fetches left in the hub cache; those that go on now are left out. */
export async function findPartials(cacheDir: string): Promise<PartialDownload[]> {
  const folders = (await namesIn(cacheDir)).filter((name) => name.startsWith('models--'));
  const found = await Promise.all(folders.map((folder) => partialsIn(join(cacheDir, folder, 'blobs'), folder)));
  return found.flat();
}

/** Removes what an interrupted fetch left. */
export async function removePartialDownload({ paths }: PartialDownload): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}

async function partialsIn(blobs: string, folder: string): Promise<PartialDownload[]> {
  const byEtag = new Map<string, string[]>();
  for (const name of await namesIn(blobs)) {
    const etag = partialName.exec(name)?.[1];
    if (etag !== undefined) byEtag.set(etag, [...(byEtag.get(etag) ?? []), join(blobs, name)]);
  }
  const idle: PartialDownload[] = [];
  for (const [etag, paths] of byEtag) {
    if (await isLocked(join(blobs, `${etag}.lock`))) continue;
    const stats = await Promise.all(paths.map((path) => lstat(path)));
    idle.push({
      repo: folder.slice('models--'.length).replace('--', '/'),
      paths,
      // A partial file has holes: what it takes is less than its size.
      bytes: stats.reduce((sum, { blocks }) => sum + blocks * 512, 0),
      changedAt: new Date(Math.max(...stats.map(({ mtimeMs }) => mtimeMs))).toISOString(),
    });
  }
  return idle;
}

async function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}
