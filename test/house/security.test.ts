import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
const walls = page.split('\n').filter((line) => line.includes('`test/'));

it('every wall of the page on security names its tests, and they are there', () => {
  const tests = walls.flatMap((line) => line.match(/`test\/[^`]+\.test\.ts`/g) ?? []).map((name) => name.slice(1, -1));
  expect(walls.length).toBeGreaterThan(20);
  expect(tests.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
  const table = page.slice(page.indexOf('## Walls'), page.indexOf('## Secrets'));
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:---|threat)/.test(line));
  expect(rows.filter((row) => !walls.includes(row))).toEqual([]);
});
