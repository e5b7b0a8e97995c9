import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { programsOnPath } from '../../../system/processes/find-program.js';

async function folders() {
  const root = await mkdtemp(join(tmpdir(), 'find-program-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const name of ['first', 'second', 'not-executable']) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'tool'), '#!/bin/sh\n');
    await chmod(join(root, name, 'tool'), name === 'not-executable' ? 0o644 : 0o755);
  }
  await mkdir(join(root, 'folder', 'tool'), { recursive: true });
  return root;
}

it('a program is found in the absolute entries of the PATH, in their order', async () => {
  const root = await folders();
  const path = ['not-executable', 'folder', 'second', 'absent', 'first', 'second'].map((name) => join(root, name));
  const found = await programsOnPath('tool', { PATH: path.join(delimiter) });
  expect(found).toEqual([join(root, 'second', 'tool'), join(root, 'first', 'tool')]);
});

it('nothing is found by empty and relative entries, which mean the folder that a job works in', async () => {
  const root = await folders();
  const here = relative(process.cwd(), join(root, 'first'));
  for (const path of ['', delimiter, '.', here, `${delimiter}${here}${delimiter}`]) {
    expect(await programsOnPath('tool', { PATH: path })).toEqual([]);
  }
  expect(await programsOnPath('tool', {})).toEqual([]);
});
