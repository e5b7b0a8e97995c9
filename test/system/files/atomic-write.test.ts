import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryName, writeFileAtomic } from '../../../system/files/atomic-write.js';

it('many writers of one name each write a file of their own, and leave one whole file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'deep', 'file');
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(100_000));
  await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
  expect(texts).toContain(await readFile(path, 'utf8'));
  expect(await readdir(join(folder, 'deep'))).toEqual(['file']);
});

it('nobody can guess a temporary name: it says nothing of process or count', () => {
  const names = Array.from({ length: 100 }, () => temporaryName('/a/b'));
  expect(new Set(names).size).toBe(100);
  for (const name of names) expect(name).toMatch(/^\/a\/b\.[0-9a-f]{16}\.tmp$/);
});
