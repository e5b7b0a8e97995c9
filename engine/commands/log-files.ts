import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** The largest log, in bytes, and how many of one stream stay. */
const defaults = { maxBytes: 2 ** 30, maxFiles: 8 };

/** Where a stream's bytes go: `{name}.log`, and before it `{name}.1.log`, `{name}.2.log` … in the order of the stream. */
export interface LogFiles {
  write(chunks: readonly Buffer[]): Promise<void>;
  close(): Promise<void>;
  /** Their names, the oldest first; none where nothing was written. */
  names(): string[];
}

/**
 * Opens logs in a folder. What an earlier attempt left under their name is replaced, and no link is followed.
 *
 * @param limits for tests. Defaults: 1 GiB, 8 files; the oldest ones go
 */
export function openLogFiles(folder: string, name: string, limits: Partial<typeof defaults> = {}): LogFiles {
  const { maxBytes, maxFiles } = { ...defaults, ...limits };
  const newest = `${name}.log`;
  let opening: Promise<FileHandle> | undefined = begin();
  // It is told to who writes, or closes.
  opening.catch(() => undefined);
  let size = 0;
  let full = 0;
  const kept: string[] = [];

  async function begin(): Promise<FileHandle> {
    const path = join(folder, newest);
    await rm(path, { force: true });
    return open(path, 'wx');
  }

  async function rotate(): Promise<void> {
    await close();
    kept.push(`${name}.${++full}.log`);
    await rename(join(folder, newest), join(folder, kept.at(-1) ?? ''));
    const old = kept.length >= maxFiles ? kept.shift() : undefined;
    if (old !== undefined) await rm(join(folder, old), { force: true });
    opening = begin();
    size = 0;
  }

  async function close(): Promise<void> {
    await (await opening)?.close();
    opening = undefined;
  }

  return {
    async write(chunks) {
      const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
      if (size > 0 && size + bytes > maxBytes) await rotate();
      await (await opening)?.writeFile(Buffer.concat(chunks));
      size += bytes;
    },
    close,
    names: () => [...kept, ...(size > 0 ? [newest] : [])],
  };
}
