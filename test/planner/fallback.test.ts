import { describe, expect, it } from 'vitest';
import {
  errorCodes,
  fallbackDiagnostic,
  ModelJobError,
  parseModelAccessJobRequest,
  planFallback,
  withoutWaiting,
} from '../../planner/index.js';

const missing = new ModelJobError('MissingDependency', 'no runtime');
const passing = new ModelJobError('Io', 'connection reset');
const task = 'text_embedding';

describe('a model that cannot be had', () => {
  it.each([undefined, null, 'error'] as const)('fails the job under the policy %s', (policy) => {
    expect(planFallback({ policy, task, error: missing })).toEqual({ kind: 'fail', error: missing });
  });

  it.each(['fast_fallback', 'heuristic_fallback'] as const)('is stood in for under %s', (policy) => {
    expect(planFallback({ policy, task, error: missing })).toEqual({
      kind: 'use',
      fallback: { used: 'heuristic', reason: 'missing dependency: no runtime' },
    });
  });

  it('is stood in for whatever keeps it away, but never for a fault of the caller', () => {
    const kinds = Object.fromEntries(
      errorCodes.map((code) => {
        const error = new ModelJobError(code, 'x', { retryable: false });
        return [code, planFallback({ policy: 'heuristic_fallback', task, error }).kind];
      }),
    );
    expect(kinds).toEqual({
      InvalidArgument: 'fail',
      NotFound: 'use',
      InvalidUri: 'fail',
      Io: 'use',
      Cancelled: 'fail',
      Failed: 'use',
      StateUnavailable: 'use',
      AlreadyExists: 'fail',
      MissingDependency: 'use',
      ResourceLimit: 'use',
      PermissionDenied: 'fail',
      IntegrityError: 'use',
    });
  });

  it('fails as it did where the error is not one of ours: an abort, or a fault of the program', () => {
    const error = new TypeError('x is undefined');
    expect(planFallback({ policy: 'fast_fallback', task, error })).toEqual({ kind: 'fail', error });
  });

  it('says so where no heuristic serves the task', () => {
    const plan = planFallback({ policy: 'fast_fallback', task: 'ocr', error: missing });
    expect(plan).toMatchObject({
      kind: 'fail',
      error: {
        code: 'MissingDependency',
        detail: expect.stringMatching(/^no runtime; .*`ocr`.*text_embedding/) as string,
      },
    });
  });
});

describe('a fault that may pass', () => {
  it('is not waited for by fast_fallback', () => {
    expect(planFallback({ policy: 'fast_fallback', task, error: passing }).kind).toBe('use');
  });

  it('is tried again by heuristic_fallback until the last attempt', () => {
    const failed = { policy: 'heuristic_fallback', task, error: passing } as const;
    expect(planFallback(failed)).toEqual({ kind: 'fail', error: passing });
    expect(planFallback({ ...failed, lastAttempt: true }).kind).toBe('use');
  });
});

describe('the bundle of a request', () => {
  const request = (options: object) =>
    parseModelAccessJobRequest({
      kind: 'Inference',
      backend: 'onnx',
      spec: { name: 'm', task, source: { kind: 'hugging_face', repo_id: 'a/b', revision: 'main' }, files: [] },
      options,
    });

  it('is not downloaded under fast_fallback', () => {
    const options = withoutWaiting(request({ fallback: 'fast_fallback', autoDownload: true })).options;
    expect(options).toEqual({ fallback: 'fast_fallback', autoDownload: false });
  });

  it('is under the other policies', () => {
    for (const options of [{}, { fallback: 'error' }, { fallback: 'heuristic_fallback' }]) {
      expect(withoutWaiting(request(options)).options).toEqual(options);
    }
  });
});

it('a result that is not the model’s carries a warning that says why, and what had no effect', () => {
  const reason = 'not found: no bundle';
  expect(fallbackDiagnostic({ used: 'heuristic', reason })).toMatchObject({
    severity: 'warning',
    message: expect.stringMatching(/`heuristic`.*not found: no bundle$/) as string,
  });
  const { message } = fallbackDiagnostic({ used: 'heuristic', reason, ignored: ['stride'] });
  expect(message).toMatch(/no options\.parameters stride, which had no effect$/);
});
