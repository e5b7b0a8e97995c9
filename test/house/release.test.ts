import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const { version } = JSON.parse(read('package.json')) as { version: string };
const released = (name: string): boolean => /^\d+\.\d+\.\d+$/.test(name);
const withHistories = readdirSync(new URL('test/fixtures/histories/', root)).filter(released);
const dated = [...read('CHANGELOG.md').matchAll(/^## \[(.+)\] - \d{4}-\d{2}-\d{2}$/gm)].map(([, name]) => name);

it.each([...new Set([...withHistories, ...[version].filter(released)])])(
  'version %s has its date in the changelog, and histories that later ones replay',
  (name) => {
    expect(dated).toContain(name);
    expect(withHistories).toContain(name);
  },
);
