import type { CliIo } from '../io.js';
import { createLineProgress } from './line-progress.js';
import type { ProgressView } from './progress-view.js';
import { createTerminalProgress } from './terminal-progress.js';

/** A bar on a terminal, plain lines elsewhere. */
export function createProgressView(io: CliIo): ProgressView {
  return io.stderr.isTTY ? createTerminalProgress(io.stderr) : createLineProgress(io.stderr, Date.now);
}
