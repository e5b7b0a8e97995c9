import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** The files of these rooms that match, as the house names them. */
function filesWith(
  pattern: RegExp,
  rooms = ['planner', 'system', 'engine', 'activities', 'workflows', 'worker', 'client'],
) {
  const files = rooms.flatMap((room) =>
    readdirSync(new URL(`${room}/`, root), { recursive: true, encoding: 'utf8' }).map((name) => `${room}/${name}`),
  );
  return files.filter((file) => file.endsWith('.ts') && pattern.test(readFileSync(new URL(file, root), 'utf8'))).sort();
}

describe('what is added', () => {
  it('is five files for a kind of job', () => {
    const warmup = /\bWarmup\b['":]|\bmodelWarmup\b|\bwarmRuntime\b/;
    expect(filesWith(warmup)).toEqual([
      'activities/index.ts',
      'activities/warm-runtime.ts',
      'planner/request/kinds.ts',
      'workflows/index.ts',
      'workflows/warmup.ts',
    ]);
  });

  it('is one folder and one table for a storage', () => {
    const outside = filesWith(/storage\/(?:s3|disk)\/|'\.\/(?:s3|disk)\//).filter(
      (file) => !/storage\/(s3|disk)\//.test(file),
    );
    expect(outside).toEqual(['engine/storage/index.ts']);
  });

  it.each(['onnx', 'heuristic', 'imported', 'external', 'comfy-ui'])(
    'is one folder and one table for the runtime %s',
    (backend) => {
      const named = new RegExp(`['/]${backend}/`);
      const outside = filesWith(named).filter((file) => !file.startsWith(`engine/runtimes/${backend}/`));
      expect(outside).toEqual(['engine/runtimes/index.ts']);
    },
  );
});
