import { describe, expect, it } from 'vitest';
import {
  judgeInputs,
  looksForInputs,
  parseModelAccessJobRequest,
  type JobOptions,
  type ModelAccessJobRequest,
} from '../../planner/index.js';

function request(options?: JobOptions, kind: 'json' | 'localPath' = 'localPath'): ModelAccessJobRequest {
  return parseModelAccessJobRequest({
    kind: 'Inference',
    backend: 'onnx',
    spec: { name: 'm', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [] },
    inputs: [{ kind, value: '/data/in.jsonl' }],
    options,
  });
}

const missing = [{ field: 'inputs[0].value', path: '/data/in.jsonl' }];

describe('inputs that are not there', () => {
  it('are looked for only where the request wants more than a failure', () => {
    expect(looksForInputs(request())).toBe(false);
    expect(looksForInputs(request({ onMissingInput: 'fail' }))).toBe(false);
    expect(looksForInputs(request({ onMissingInput: 'skip' }))).toBe(true);
    expect(looksForInputs(request({ inputWaitSeconds: 5 }))).toBe(true);
    expect(looksForInputs(request({ onMissingInput: 'skip' }, 'json'))).toBe(false);
  });

  it('fail the job after the wait', () => {
    expect(() => judgeInputs(request({ inputWaitSeconds: 5 }), { missing })).toThrow(
      'not found: model input path `/data/in.jsonl` does not exist after a wait of 5 s',
    );
  });

  it('let a job that may skip succeed, and say what it skipped', () => {
    expect(judgeInputs(request({ onMissingInput: 'skip' }), { missing })).toEqual({
      artifacts: [],
      output: {
        skipped: true,
        reason: 'model input path `/data/in.jsonl` does not exist',
        missing: ['/data/in.jsonl'],
      },
      diagnostics: [expect.objectContaining({ severity: 'warning', code: 'MissingInput', source: 'inputs[0].value' })],
    });
  });

  it('mean nothing when there are none', () => {
    expect(judgeInputs(request({ onMissingInput: 'skip' }), { missing: [] })).toBeUndefined();
  });
});

describe('the options of missing inputs', () => {
  it.each([{ onMissingInput: 'wait' }, { inputWaitSeconds: 0 }, { inputWaitSeconds: 700_000 }])(
    'refuse %j by its name',
    (options) => {
      const [name] = Object.keys(options);
      expect(() => request(options as JobOptions)).toThrow(`options.${name}`);
    },
  );
});
