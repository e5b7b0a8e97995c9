import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { openFileHasher, type HasherOptions } from './file-hasher.js';

/** Up to this size a file is hashed sooner than a thread is told of it. In bytes. */
const smallBytes = 1 << 18;

/** Lowercase hex SHA-256 of a file, made on another thread where it is large. */
export async function sha256OfFile(
  path: string,
  options: Pick<HasherOptions, 'signal' | 'onBytes'> = {},
): Promise<string> {
  const { size } = await stat(path);
  if (size <= smallBytes) {
    const bytes = await readFile(path, { signal: options.signal });
    options.onBytes?.(bytes.length);
    return createHash('sha256').update(bytes).digest('hex');
  }
  const hasher = openFileHasher(path, { ...options, algorithm: 'sha256' });
  hasher.advance(size);
  return hasher.digest();
}
