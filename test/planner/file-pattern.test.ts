import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { matchesPattern } from '../../planner/request/file-pattern.js';

/** Recorded by file_patterns.py beside it. */
const recorded = new URL('../fixtures/references/file_patterns.json', import.meta.url);

test('patterns choose what filter_repo_objects of Python chooses', async () => {
  const { paths, table } = JSON.parse(await readFile(recorded, 'utf8')) as {
    paths: string[];
    table: { allow: string[] | null; ignore: string[] | null; chosen: string[] }[];
  };
  expect(table.length).toBeGreaterThan(50);
  for (const { allow, ignore, chosen } of table) {
    const found = paths.filter(
      (path) =>
        (!allow || allow.some((pattern) => matchesPattern(path, pattern))) &&
        !ignore?.some((pattern) => matchesPattern(path, pattern)),
    );
    expect({ allow, ignore, found }).toEqual({ allow, ignore, found: chosen });
  }
});
