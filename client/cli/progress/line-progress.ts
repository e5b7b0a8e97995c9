import type { OutputStream } from '../io.js';
import { describeProgress } from '../render/progress.js';
import { visible } from '../render/text.js';
import { createProgressReader } from './progress-text.js';
import type { ProgressView } from './progress-view.js';

/** Milliseconds between two lines that tell only of more of the same. */
const lineInterval = 2000;

/**
 * Progress as plain lines: one for each thing that a job does or tries again, and one every two seconds between.
 *
 * @param clock milliseconds
 */
export function createLineProgress(stream: OutputStream, clock: () => number): ProgressView {
  const read = createProgressReader();
  let shown = { doing: '', at: -Infinity };
  const write = (line: string): void => void stream.write(`${visible(line)}\n`);
  return {
    note: write,
    stop: () => undefined,
    update(update) {
      const now = clock();
      const { doing, progress, rate, retries } = read(update, now);
      retries.forEach(write);
      if (isSameWork(doing, shown.doing) && (!progress || now - shown.at < lineInterval)) return;
      shown = { doing, at: now };
      write(progress ? `${doing}: ${describeProgress(progress, rate)}` : doing);
    },
  };
}

/** Texts that differ only in their numbers (`shard 5 of 80`) tell of the same work. */
function isSameWork(left: string, right: string): boolean {
  return left.replace(/\d+/g, '#') === right.replace(/\d+/g, '#');
}
