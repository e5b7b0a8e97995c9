import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

describe.each(['CONTRIBUTING.md', 'docs/architecture.md'])('%s', (document) => {
  const text = readFileSync(new URL(document, root), 'utf8');
  const named = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?[\w.-]*)`/g)].map(([, path = '']) => path);
  const paths = [
    ...new Set(named.filter((path) => /^(?:planner|system|engine|activities|workflows|test|docs)\//.test(path))),
  ];

  it.each(paths)('names %s, which is there', (path) => {
    expect(existsSync(fileURLToPath(new URL(path, root)))).toBe(true);
  });

  it('names files and folders of the house', () => {
    expect(paths.length).toBeGreaterThan(1);
  });
});
