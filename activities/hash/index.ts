import { stat } from 'node:fs/promises';
import { openFileHasher, type HasherOptions } from './file-hasher.js';

export { openFileHasher, type FileHasher } from './file-hasher.js';
export { hashThreads } from './threads.js';

/** Lowercase hex SHA-256 of a file, made on another thread. */
export async function sha256OfFile(
  path: string,
  options: Pick<HasherOptions, 'signal' | 'onBytes'> = {},
): Promise<string> {
  const { size } = await stat(path);
  const hasher = openFileHasher(path, { ...options, algorithm: 'sha256' });
  hasher.advance(size);
  return hasher.digest();
}
