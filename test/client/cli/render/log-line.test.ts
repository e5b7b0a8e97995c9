import { expect, test } from 'vitest';
import { readLogLine } from '../../../../client/cli/render/log-line.js';

test("an entry of a worker's log is told with its level and its error", () => {
  const line = JSON.stringify({ level: 50, msg: 'worker failed', err: { message: 'disk full' } });
  expect(readLogLine(line)).toEqual({
    level: 'error',
    msg: 'worker failed',
    text: 'worker error: worker failed: disk full',
  });
});

test.each(['Error: boom', '{"msg": 1}', '[1]', 'null', ''])('%j is no entry', (line) => {
  expect(readLogLine(line)).toBeUndefined();
});
