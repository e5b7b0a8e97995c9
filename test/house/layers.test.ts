import { execFile, execSync, fork, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, inject, it } from 'vitest';

const self = fileURLToPath(import.meta.url);

describe('a unit test', () => {
  it.each<[string, () => unknown]>([
    ['spawn', () => spawn('true')],
    ['spawnSync', () => spawnSync('true')],
    ['execFile', () => execFile('true')],
    ['execSync', () => execSync('true')],
    ['fork', () => fork(self)],
    ['execa', () => execa({ reject: true })`true`],
  ])('starts no program with %s', async (_, start) => {
    await expect(Promise.resolve().then(start)).rejects.toThrow(/name the file \*\.interop\.test\.ts/);
  });

  it('has no Temporal server', () => {
    expect(inject('temporalAddress')).toBeUndefined();
  });
});
