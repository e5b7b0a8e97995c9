import type { HubFile } from '../hub/hub-client.js';
import type { Reporter } from '../reporter.js';

/** Counts the bytes and files of a fetch, and reports them. */
export interface Tally {
  /** Bytes of a file that are here now: kept from before, or fetched. */
  add(file: HubFile, count: number, source: 'kept' | 'fetched'): void;
  /** The bytes of a file were wrong, and are gone. They were fetched all the same. */
  discard(file: HubFile): void;
  /** A file is in the cache. */
  done(file: HubFile): void;
  counts(): { bytesFetched: number; bytesReused: number };
}

interface FileTally {
  kept: number;
  here: number;
}

/** A tally over these files. */
export function createTally(files: readonly HubFile[], reporter: Reporter): Tally {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const tallies = new Map<HubFile, FileTally>(files.map((file) => [file, { kept: 0, here: 0 }]));
  const of = (file: HubFile): FileTally => tallies.get(file) ?? { kept: 0, here: 0 };
  let completed = 0;
  let bytesFetched = 0;
  let filesDone = 0;
  const report = ({ path }: HubFile): void => {
    const message = `fetching ${path} (${filesDone} of ${files.length} files done)`;
    reporter.report({ completed: Math.min(completed, total), total: Math.max(total, 1), unit: 'bytes', message });
  };
  return {
    add(file, count, source) {
      const tally = of(file);
      if (source === 'kept') tally.kept += count;
      else bytesFetched += count;
      tally.here += count;
      completed += count;
      report(file);
    },
    discard(file) {
      completed -= of(file).here;
      tallies.set(file, { kept: 0, here: 0 });
    },
    done(file) {
      filesDone += 1;
      report(file);
    },
    counts: () => ({ bytesFetched, bytesReused: [...tallies.values()].reduce((sum, { kept }) => sum + kept, 0) }),
  };
}
