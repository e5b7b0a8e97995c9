import { stat } from 'node:fs/promises';

/**
 * A file's clock may be too coarse to tell two changes this close from each other, in milliseconds: what changed so
 * shortly before it was read is read once more.
 */
const coarsestMs = 2000;

/** One state of a file. */
export interface FileState {
  /**
   * What tells it from another without reading the file. Nobody but the system sets the time of a file's last change of
   * state.
   */
  key: string;
  /** Whether a change after this moment would make another key. */
  isSettled: boolean;
}

/** @throws Error of the file system */
export async function fileState(path: string): Promise<FileState> {
  const now = Date.now();
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return {
    key: [dev, ino, size, mtimeNs, ctimeNs].join(' '),
    isSettled: now - Number(ctimeNs / 1_000_000n) > coarsestMs,
  };
}

/** The key of a file's state. */
export async function stateOfFile(path: string): Promise<string> {
  return (await fileState(path)).key;
}
