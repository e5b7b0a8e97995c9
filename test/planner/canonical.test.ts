import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalRequest, parseModelAccessJobRequest, requestDifference } from '../../planner/index.js';

const spec = {
  name: 'm',
  task: 'ocr',
  source: { kind: 'hugging_face', repo_id: 'a/b', revision: 'main' },
  files: [{ required: 'b' }, { required: 'a' }],
};
const plain = { kind: 'Inference', spec, backend: 'onnx', inputs: [{ kind: 'json', value: { b: 1, a: null } }] };

function textOf(request: unknown): string {
  return canonicalRequest(parseModelAccessJobRequest(request));
}

describe('two requests are the same', () => {
  it.each([
    ['by whatever id', { ...plain, id: 'one' }],
    ['whatever the order of keys', JSON.parse('{"backend": "onnx", "kind": "Inference"}') as object],
    ['where an optional is null or absent', { id: null, outputArtifactPrefix: null, options: null }],
    ['where nothing is chosen', { options: { batch: null, parameters: null, quick: null } }],
    ['where a default is written out', { metadata: {}, spec: { ...spec, metadata: {}, repo_id: '' } }],
    ['where a key is unknown', { colour: 'blue' }],
  ])('%s', (_name, changes) => {
    expect(textOf({ ...plain, ...changes })).toBe(textOf(plain));
  });
});

describe('two requests differ', () => {
  const changes: [string, object, string][] = [
    ['in an input', { inputs: [{ kind: 'json', value: { b: 2, a: null } }] }, 'inputs[0].value.b'],
    ['in a null of an input', { inputs: [{ kind: 'json', value: { b: 1 } }] }, 'inputs[0].value.a'],
    ['in the number of inputs', { inputs: [] }, 'inputs[0]'],
    ['in the order of files', { spec: { ...spec, files: spec.files.toReversed() } }, 'spec.files[0].required'],
    ['in a null parameter', { options: { parameters: { k: null } } }, 'options.parameters'],
    ['in metadata', { metadata: { team: 'a' } }, 'metadata.team'],
    ['in the backend', { backend: { custom: 'onnx' } }, 'backend'],
  ];

  it.each(changes)('%s, and the field is named', (_name, change, field) => {
    const [left, right] = [plain, { ...plain, ...change }].map(parseModelAccessJobRequest);
    expect(canonicalRequest(left!)).not.toBe(canonicalRequest(right!));
    expect(requestDifference(left!, right!)).toMatchObject({ field });
    expect(requestDifference(left!, left!)).toBeUndefined();
  });
});

it('a recorded request has the digest that sorted, compact JSON has elsewhere', () => {
  const path = new URL('../fixtures/vectors/jobs.jsonl', import.meta.url);
  const [line = ''] = readFileSync(path, 'utf8').split('\n');
  const { request } = (JSON.parse(line) as { case: { request: object } }).case;
  // Python, with the defaults put in and without `id`: hashlib.sha256(json.dumps(request, sort_keys=True,
  // separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
  expect(createHash('sha256').update(textOf(request)).digest('hex')).toBe(
    '1b64885fff8bbabe73f4e128098d49e90463fe8222b46e7b10b2210f1134f747',
  );
});
