import type { CliIo } from '../io.js';
import type { JobUpdate } from '../watch-job.js';
import { createLineProgress } from './line-progress.js';
import { createTerminalProgress } from './terminal-progress.js';

/** Shows how a job goes, on stderr. */
export interface ProgressView {
  update(update: JobUpdate): void;
  /** A remark between two updates. */
  note(text: string): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** A bar on a terminal, plain lines elsewhere. */
export function createProgressView(io: CliIo): ProgressView {
  return io.stderr.isTTY ? createTerminalProgress(io.stderr) : createLineProgress(io.stderr, Date.now);
}
