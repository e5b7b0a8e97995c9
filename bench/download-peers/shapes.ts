import { randomFillSync } from 'node:crypto';
import { link, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A repository to download. */
export interface Shape {
  /** Also the repository's name: `demo/NAME`. */
  name: 'large' | 'one' | 'small';
  about: string;
  paths: readonly string[];
  fileBytes: number;
}

const mib = 1 << 20;

function pathsOf(count: number, ending: string): string[] {
  return Array.from({ length: count }, (_, index) => `file-${String(index).padStart(3, '0')}${ending}`);
}

export const shapes: readonly Shape[] = [
  { name: 'large', about: '2 x 512 MiB', paths: pathsOf(2, '.safetensors'), fileBytes: 512 * mib },
  { name: 'one', about: '1 x 512 MiB', paths: pathsOf(1, '.safetensors'), fileBytes: 512 * mib },
  // Not a binary model format, so not in LFS.
  { name: 'small', about: '300 x 64 KiB', paths: pathsOf(300, '.json'), fileBytes: mib / 16 },
];

export function repoIdOf({ name }: Shape): string {
  return `demo/${name}`;
}

/** Writes the repositories' files, of random bytes, below a folder that has a folder for each. */
export async function writeRepos(folder: string, chosen: readonly Shape[]): Promise<void> {
  const buffer = Buffer.allocUnsafe(16 * mib);
  const written = new Map<string, string>();
  for (const { name, paths, fileBytes } of chosen) {
    await mkdir(join(folder, name));
    for (const path of paths) {
      const file = join(folder, name, path);
      const same = written.get(`${path} ${fileBytes}`);
      if (same) await link(same, file);
      else await writeRandom(file, fileBytes, buffer);
      written.set(`${path} ${fileBytes}`, file);
    }
  }
}

async function writeRandom(file: string, bytes: number, buffer: Buffer): Promise<void> {
  if (bytes <= buffer.length) return writeFile(file, randomFillSync(buffer.subarray(0, bytes)));
  const handle = await open(file, 'wx');
  try {
    for (let at = 0; at < bytes; at += buffer.length) {
      await handle.writeFile(randomFillSync(buffer).subarray(0, bytes - at));
    }
  } finally {
    await handle.close();
  }
}
