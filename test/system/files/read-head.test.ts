import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readHead } from '../../../system/files/read-head.js';

it.each([
  [0, ''],
  [3, 'RIF'],
  [64, 'RIFF'],
])('the first %i bytes of a file of four are those that it has', async (count, head) => {
  const folder = await mkdtemp(join(tmpdir(), 'model-jobs-head-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'sound');
  await writeFile(path, 'RIFF');
  expect((await readHead(path, count)).toString()).toBe(head);
});
