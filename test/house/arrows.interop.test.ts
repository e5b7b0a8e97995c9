import { execa } from 'execa';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

/** A file of a room, what it must not import, and what the lint says. */
const wrongArrows: [file: string, specifier: string, message: RegExp][] = [
  ['planner/shared/text.ts', 'node:path', /only zod/],
  ['planner/shared/text.ts', '../../system/files/errno.js', /planner\/ must not import system\//],
  ['system/files/errno.ts', '../../engine/storage/index.js', /system\/ must not import engine\//],
  ['system/files/errno.ts', '@temporalio/common', /knows no Temporal/],
  ['system/files/errno.ts', '../../planner/shared/text.js', /only door/],
  ['engine/storage/index.ts', '../../activities/index.js', /engine\/ must not import activities\//],
  ['engine/storage/index.ts', '@temporalio/activity', /knows no Temporal/],
  ['engine/storage/index.ts', '../datasets/plan-shards.js', /engine\/storage\/ must not import engine\/datasets\//],
  ['engine/models/tasks/limits.ts', '../pool/model-pool.js', /models\/tasks\/ must not import engine\/models\/pool\//],
  ['engine/hub/cache/cached-repo.ts', '../transfer/extents.js', /hub\/cache\/ must not import engine\/hub\/transfer\//],
  ['engine/models/tasks/limits.ts', '../../runtimes/index.js', /engine\/models\/ must not import engine\/runtimes\//],
  ['activities/deps.ts', '../workflows/index.js', /activities\/ must not import workflows\//],
  ['workflows/outcomes.ts', 'node:fs', /sandbox/],
  ['workflows/outcomes.ts', '../engine/storage/index.js', /workflows\/ must not import engine\//],
  ['worker/logger.ts', '../client/job-client.js', /worker\/ must not import client\//],
  ['client/job-client.ts', '../engine/storage/index.js', /client\/ must not import engine\//],
  ['client/job-client.ts', '../worker/config.js', /client\/ must not import worker\//],
];

describe('an import against the arrows', () => {
  // The arrows need no types, which would take most of the time.
  const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });

  it.each(wrongArrows)('in %s of %s is refused', async (filePath, specifier, message) => {
    const [result] = await eslint.lintText(`export * from '${specifier}';\n`, { filePath });
    const found = result?.messages.filter(({ ruleId }) => ruleId === '@typescript-eslint/no-restricted-imports');
    expect(found?.map(({ message: text }) => text).join('\n')).toMatch(message);
  });
});

describe('a circle', () => {
  const circles = (...paths: string[]) =>
    execa('npx', ['depcruise', '--config', '.dependency-cruiser.cjs', ...paths], { reject: false });

  it('of files and of folders is found', async () => {
    const { exitCode, stdout } = await circles('test/fixtures/circle');
    expect(exitCode).toBeGreaterThan(0);
    expect(stdout).toMatch(/no-circle-of-files/);
    expect(stdout).toMatch(/no-circle-of-rooms/);
  });
});
