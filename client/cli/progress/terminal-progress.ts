import { SingleBar } from 'cli-progress';
import type { OutputStream } from '../io.js';
import { progressBar } from '../render/progress.js';
import { clip, visible } from '../render/text.js';
import { createProgressReader, type ProgressText } from './progress-text.js';
import type { ProgressView } from './progress-view.js';

/** Progress as one line of a terminal that is written over and over, and goes away at the end. */
export function createTerminalProgress(stream: OutputStream): ProgressView {
  const read = createProgressReader();
  let line = '';
  const bar = new SingleBar({
    stream,
    format: () => clip(visible(line), (stream.columns || 80) - 1),
    clearOnComplete: true,
    gracefulExit: false,
    // Neither is switched off, so that a process which is killed leaves the terminal as it was.
    hideCursor: false,
    linewrap: true,
  });
  const clear = (): void => {
    if (bar.isActive) bar.stop();
  };
  const note = (text: string): void => {
    clear();
    stream.write(`${visible(text)}\n`);
  };
  return {
    note,
    stop: clear,
    update(update) {
      const text = read(update, Date.now());
      text.retries.forEach(note);
      line = lineOf(text);
      if (bar.isActive) bar.update(0);
      else bar.start(1, 0);
    },
  };
}

function lineOf({ doing, progress, rate }: ProgressText): string {
  return progress ? `${progressBar(progress, rate)}  ${doing}` : doing;
}
