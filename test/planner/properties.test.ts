import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backendNames,
  jobKindSchema,
  ModelJobError,
  planModelAccess,
  planModelBundle,
  taskNames,
  type ModelAccessJobRequestInput,
} from '../../planner/index.js';

const text = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '..',
    '/abs',
    'a/../b',
    'config.json',
    'onnx/model.onnx',
    'ünï',
    '模型🙂',
    'tab\there',
    '__proto__',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const file = fc.oneof(
  text.map((required) => ({ required })),
  text.map((optional) => ({ optional })),
  fc.array(text, { maxLength: 4 }).map((first_available) => ({ first_available })),
);
const source = fc.oneof(
  fc.record({ kind: fc.constant('hugging_face' as const), repo_id: text, revision: text }),
  fc.record({ kind: fc.constant('local_path' as const), path: text }),
  fc.record({ kind: fc.constant('external_command' as const), command: text }),
  fc.record({ kind: fc.constant('comfy_ui_inventory' as const), root: text }),
);
const custom = text.map((name) => ({ custom: name }));
const request: fc.Arbitrary<ModelAccessJobRequestInput> = fc.record(
  {
    id: fc.option(text),
    kind: fc.constantFrom(...jobKindSchema().options),
    spec: fc.record({
      name: text,
      task: fc.oneof(fc.constantFrom(...taskNames), custom),
      source,
      files: fc.array(file, { maxLength: 6 }),
    }),
    backend: fc.oneof(fc.constantFrom(...backendNames), custom),
    outputArtifactPrefix: fc.option(text),
    metadata: fc.dictionary(text, text, { maxKeys: 3 }),
  },
  { requiredKeys: ['kind', 'spec', 'backend'] },
);

const odd = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
const oddPart = fc.tuple(
  fc.constantFrom('id', 'kind', 'spec', 'backend', 'inputs', 'metadata', 'outputArtifactPrefix', 'options'),
  odd,
);

function oddRequest([value, [key, part]]: [object, [string, unknown]]): object {
  return { ...value, [key]: part };
}

function nested(depth: number): unknown {
  let value: unknown = 'innermost';
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

function ring(): unknown {
  const value: Record<string, unknown> = {};
  value['again'] = value;
  return value;
}

describe('planning', () => {
  it('throws nothing but ModelJobError, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(request, odd, fc.tuple(request, oddPart).map(oddRequest)), (value) => {
        expect(attempt(value as ModelAccessJobRequestInput)).not.toBeInstanceOf(Error);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['is nested deeper than the stack holds', { inputs: [{ kind: 'json', value: nested(50_000) }] }],
    ['is nested so where something else should be', { kind: nested(50_000) }],
    ['holds a ring', { kind: ring() }],
    ['holds a big integer', { inputs: [{ kind: 'json', value: 1n }] }],
  ])('refuses a request that %s', (_, part) => {
    const [plain] = fc.sample(request, 1);
    expect(() => planModelAccess({ ...plain, ...part } as never)).toThrow(ModelJobError);
  });

  it('gives the same plan each time, and leaves the request as it was', () => {
    fc.assert(
      fc.property(request, (value) => {
        const before = JSON.stringify(value);
        expect(attempt(value)).toEqual(attempt(value));
        expect(JSON.stringify(value)).toBe(before);
      }),
      { numRuns: 1000 },
    );
  });

  it('survives a round trip through JSON', () => {
    fc.assert(
      fc.property(request, (value) => {
        const wire = JSON.parse(JSON.stringify(value)) as ModelAccessJobRequestInput;
        expect(JSON.parse(JSON.stringify(attempt(wire)))).toEqual(JSON.parse(JSON.stringify(attempt(value))));
      }),
      { numRuns: 500 },
    );
  });

  it('looks at each file a fixed number of times, however many alternatives and local files there are', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `shard-${index}.bin`);
    let reads = 0;
    const counted = names.map((name) => ({
      get required() {
        reads += 1;
        return name;
      },
    }));
    const spec = {
      name: 'm',
      task: 'text_embedding' as const,
      source: { kind: 'local_path' as const, path: '/m' },
      files: [...counted, { first_available: ['none', ...names] }],
    };
    const plan = planModelBundle(spec, names);
    expect(plan.files).toHaveLength(names.length + 1);
    expect(plan.downloadsRequired).toBe(false);
    expect(reads).toBeLessThanOrEqual(names.length * 4);
  });
});

function attempt(value: ModelAccessJobRequestInput): unknown {
  try {
    return planModelAccess(value);
  } catch (error) {
    return error instanceof ModelJobError ? { code: error.code, message: error.message } : error;
  }
}
