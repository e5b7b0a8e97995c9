import type { HubFile } from '../hub-file.js';
import type { Work } from '../../workspace/work.js';

/** Counts the bytes and files of a fetch, and reports them. */
export interface FetchProgress {
  /** Says what there is to bring, before the first byte. */
  begin(): void;
  /** Bytes of a file that are here now: kept from before, or fetched. */
  add(file: HubFile, count: number, source: 'kept' | 'fetched'): void;
  /** The bytes of a file were wrong, and are gone. They were fetched all the same. */
  discard(file: HubFile): void;
  /** A file is in the cache. */
  done(file: HubFile): void;
  counts(): { bytesFetched: number; bytesReused: number };
}

interface FileProgress {
  kept: number;
  here: number;
}

/** The progress of these files. */
export function createFetchProgress(files: readonly HubFile[], work: Work): FetchProgress {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const byFile = new Map<HubFile, FileProgress>(files.map((file) => [file, { kept: 0, here: 0 }]));
  const of = (file: HubFile): FileProgress => byFile.get(file) ?? { kept: 0, here: 0 };
  let completed = 0;
  let bytesFetched = 0;
  let filesDone = 0;
  const report = ({ path }: HubFile): void => {
    const message = `fetching ${path} (${filesDone} of ${files.length} files done)`;
    work.report({ completed: Math.min(completed, total), total: Math.max(total, 1), unit: 'bytes', message });
  };
  return {
    begin() {
      const message = `${files.length} ${files.length === 1 ? 'file' : 'files'} to bring`;
      work.report({ completed: 0, total: Math.max(total, 1), unit: 'bytes', message });
    },
    add(file, count, source) {
      const progress = of(file);
      if (source === 'kept') progress.kept += count;
      else bytesFetched += count;
      progress.here += count;
      completed += count;
      report(file);
    },
    discard(file) {
      completed -= of(file).here;
      byFile.set(file, { kept: 0, here: 0 });
    },
    done(file) {
      filesDone += 1;
      report(file);
    },
    counts: () => ({ bytesFetched, bytesReused: [...byFile.values()].reduce((sum, { kept }) => sum + kept, 0) }),
  };
}
