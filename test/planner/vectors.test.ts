import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ModelJobError,
  modelPresets,
  parseModelAccessJobRequest,
  planModelAccess,
  planModelBundle,
  runSurfaceOperation,
} from '../../planner/index.js';

interface Vector {
  case: { op: string; request?: never; spec?: never; localFiles?: never; operation?: string; input?: unknown };
  ok?: unknown;
  error?: string;
}

const vectors = readFixture('planner.jsonl')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

describe('the planner equals the recorded crate', () => {
  it.each(vectors.map((vector, index) => ({ vector, title: `${index + 1} ${vector.case.op}` })))(
    'in case $title',
    ({ vector }) => {
      if (vector.error === undefined) {
        expect(withoutNulls(run(vector))).toEqual(withoutNulls(vector.ok));
      } else {
        const error = failureOf(vector);
        expect(error).toBeInstanceOf(ModelJobError);
        if (!vector.error.startsWith('PARSE')) expect(error).toHaveProperty('message', vector.error);
      }
    },
  );

  it('in its presets', () => {
    expect(withoutNulls(modelPresets)).toEqual(JSON.parse(readFixture('presets.json')));
  });
});

function run({ case: { op, request, spec, localFiles, operation, input } }: Vector): unknown {
  switch (op) {
    case 'plan':
      return planModelAccess(request as never);
    case 'request':
      return parseModelAccessJobRequest(request);
    case 'bundlePlan':
      return planModelBundle(spec as never, localFiles);
    case 'surface':
      return runSurfaceOperation({ operation: operation ?? '', input });
    default:
      throw new Error(`a vector has the unknown op ${op}`);
  }
}

function failureOf(vector: Vector): unknown {
  try {
    run(vector);
  } catch (error) {
    return error;
  }
  return undefined;
}

function withoutNulls(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => (inner === null ? undefined : inner));
}

function readFixture(name: string): string {
  return readFileSync(new URL(`../fixtures/vectors/${name}`, import.meta.url), 'utf8');
}
