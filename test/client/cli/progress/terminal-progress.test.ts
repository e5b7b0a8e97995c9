import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createTerminalProgress } from '../../../../client/cli/progress/terminal-progress.js';
import { progressMoment } from './progress-moment.js';

const escape = '\u001b';

test('a terminal shows one line, no wider than itself, which goes away at the end', () => {
  const { stream, written } = terminal(50);
  const view = createTerminalProgress(stream);
  view.update(progressMoment({ completed: 10, total: 40, unit: 'files', message: 'a-file-with-a-long-name.onnx' }));
  expect(written()).toContain('[======>-----------------]  25 %  10 of 40 files…');
  expect(written()).not.toContain('name.onnx');
  view.stop();
  expect(written().endsWith(`${escape}[2K`)).toBe(true);
  expect(written()).not.toContain('\n');
});

test('a terminal that does not tell its width has eighty columns', () => {
  const { stream, written } = terminal(0);
  const view = createTerminalProgress(stream);
  view.update(progressMoment({ completed: 1, total: 2, unit: 'steps', message: 'loading' }));
  view.stop();
  expect(written()).toContain('1 of 2 steps  loading');
});

test('a retry stays above the line, and is told once', () => {
  const { stream, written } = terminal(100);
  const view = createTerminalProgress(stream);
  const progress = { completed: 1, total: 2, unit: 'files' };
  const retry = { id: '1', type: 'downloadModel', attempt: 2, progress, lastFailure: 'reset' };
  view.update(progressMoment(progress, [retry]));
  view.update(progressMoment(progress, [retry]));
  view.stop();
  expect(written().match(/downloadModel, attempt 2: reset\n/g)).toHaveLength(1);
});

test('the terminal keeps its cursor and its wrapping, whatever ends the process', () => {
  const { stream, written } = terminal(80);
  createTerminalProgress(stream).update(progressMoment({ completed: 1, total: 2, unit: 'files' }));
  for (const mode of ['?7l', '?25l']) expect(written()).not.toContain(`${escape}[${mode}`);
});

function terminal(columns: number) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns });
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += String(chunk)));
  return { stream, written: () => text };
}
