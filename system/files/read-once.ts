import { fileState } from './file-state.js';

/** The most files of which it is kept what was read. */
const mostKept = 32;

/**
 * Reads files; what was made of one is kept for as long as the file stays as it is.
 *
 * @param read what it makes is shared: nobody changes it
 */
export function readOnce<T>(read: (path: string) => Promise<T>): (path: string) => Promise<T> {
  // In the order of use: the first was used longest ago.
  const kept = new Map<string, { key: string; value: T }>();
  const keep = (path: string, key: string, value: T): void => {
    kept.delete(path);
    kept.set(path, { key, value });
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  };
  return async (path) => {
    const { key, isSettled } = await fileState(path);
    const before = kept.get(path);
    const value = before?.key === key ? before.value : await read(path);
    if (isSettled) keep(path, key, value);
    return value;
  };
}
