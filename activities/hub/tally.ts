import type { Reporter } from '../reporter.js';
import type { HubFile } from './hub-client.js';

/** Counts the bytes of all files of a fetch, and reports them. */
export interface Tally {
  /** Bytes of a file that are on disk now: kept from before, or fetched. */
  add(file: HubFile, count: number, source: 'kept' | 'fetched'): void;
  /** The bytes of a file were wrong, and are gone. They were fetched all the same. */
  discard(file: HubFile): void;
  counts(): { bytesFetched: number; bytesReused: number };
}

/** A tally over these files. */
export function createTally(files: readonly HubFile[], reporter: Reporter): Tally {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const kept = new Map<string, number>();
  const onDisk = new Map<string, number>();
  let completed = 0;
  let bytesFetched = 0;
  const report = ({ path }: HubFile): void => {
    const message = `fetching ${path} (file ${onDisk.size} of ${files.length})`;
    reporter.report({ completed: Math.min(completed, total), total: Math.max(total, 1), unit: 'bytes', message });
  };
  return {
    add(file, count, source) {
      if (source === 'kept') kept.set(file.path, count);
      else bytesFetched += count;
      onDisk.set(file.path, (onDisk.get(file.path) ?? 0) + count);
      completed += count;
      report(file);
    },
    discard(file) {
      completed -= onDisk.get(file.path) ?? 0;
      onDisk.set(file.path, 0);
      kept.delete(file.path);
    },
    counts: () => ({ bytesFetched, bytesReused: [...kept.values()].reduce((sum, count) => sum + count, 0) }),
  };
}
