import { describe, expect, it } from 'vitest';
import { ModelJobError, parseModelAccessJobRequest, requestJsonSchema } from '../../planner/index.js';

const good = {
  kind: 'Inference',
  spec: { name: 'm', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [{ required: 'config.json' }] },
  backend: 'onnx',
};

describe('a request that is not valid', () => {
  it('is refused with every problem listed by its path', () => {
    const problems = problemsOf({
      ...good,
      kind: 'Inferrence',
      spec: { ...good.spec, name: 7, files: [{ required: 'a' }, { require: 'b' }, { optional: 3 }] },
      metadata: { team: 1 },
    });
    expect(problems.map(({ path }) => path)).toEqual([
      'kind',
      'spec.name',
      'spec.files[1]',
      'spec.files[2].optional',
      'metadata.team',
    ]);
  });

  it('names the value that was received and those that would do', () => {
    expect(problemsOf({ ...good, kind: 'Inferrence' })[0]?.message).toBe(
      'expected one of "Download", "MaterializeBundle", "ValidateBundle", "Warmup", "Inference", "BatchInference", ' +
        '"ExternalCommand", received "Inferrence"',
    );
  });

  it('names a source kind that does not exist', () => {
    const [problem] = problemsOf({ ...good, spec: { ...good.spec, source: { kind: 's3', bucket: 'b' } } });
    expect(problem?.path).toBe('spec.source.kind');
    expect(problem?.message).toContain('"s3"');
    expect(problem?.message).toContain('hugging_face');
  });

  it('names a backend that does not exist and the ones that do', () => {
    const [problem] = problemsOf({ ...good, backend: 'onx' });
    expect(problem?.path).toBe('backend');
    expect(problem?.message).toMatch(/"onnx".*received "onx"/);
  });

  it('may not hold an unknown option', () => {
    const [problem] = problemsOf({ ...good, options: { batch: { sharSize: 3 } } });
    expect(problem).toEqual({ path: 'options.batch', message: 'unknown key "sharSize"' });
  });

  it('is refused when it is no object at all', () => {
    expect(() => parseModelAccessJobRequest('x')).toThrow('request: expected object, received "x"');
  });
});

describe('a valid request', () => {
  it('may hold unknown keys outside its options', () => {
    expect(parseModelAccessJobRequest({ ...good, note: 'x' })).not.toHaveProperty('note');
  });

  it('may hold null where a key may be absent', () => {
    const request = parseModelAccessJobRequest({ ...good, id: null, outputArtifactPrefix: null, options: null });
    expect(request.id ?? request.outputArtifactPrefix ?? request.options).toBeNull();
  });

  it('has a JSON Schema', () => {
    expect(requestJsonSchema()).toMatchObject({ type: 'object', required: ['kind', 'spec', 'backend'] });
  });
});

function problemsOf(value: unknown): ModelJobError['problems'] {
  try {
    parseModelAccessJobRequest(value);
  } catch (error) {
    if (error instanceof ModelJobError) return error.problems;
    throw error;
  }
  throw new Error('the request was accepted');
}
