import { expect, test } from 'vitest';
import { JobFailedError, NoServerError } from '../../../../client/connection/errors.js';
import { exitCodeOf } from '../../../../client/cli/exit-codes.js';
import { errorJson, renderError } from '../../../../client/cli/render/error.js';
import { ModelJobError, parseModelAccessJobRequest, runSurfaceOperation } from '../../../../planner/index.js';

const job = { jobId: 'job-1', kind: 'Warmup' } as const;

test('a refused request is told with one line for each problem', () => {
  const error = errorOf(() => parseModelAccessJobRequest({ kind: 'Warmup', backend: 'onnx', spec: { name: 1 } }));
  const [headline, ...problems] = renderError(error).split('\n');
  expect(headline).toBe('invalid argument: request is not valid:');
  expect(problems).toContain('  spec.name: expected string, received 1');
  expect(problems.length).toBeGreaterThan(2);
});

test("a failed job is told with its id and the failure's message", () => {
  const failed = new JobFailedError(job, 'NotFound', 'bundle `x` does not exist');
  expect(renderError(failed)).toBe('job job-1 failed: not found: bundle `x` does not exist');
  expect(renderError(new JobFailedError(job, 'Failed', 'exited with 3'))).toBe('job job-1 failed: exited with 3');
  expect(renderError(new JobFailedError(job, 'Cancelled', 'cancelled'))).toBe('job job-1 was cancelled');
});

test("a surface error is told by its sentence, not by the crate's JSON", () => {
  const error = errorOf(() => runSurfaceOperation({ operation: 'nope' }));
  expect(renderError(error)).toBe('unsupported operation `nope` for moenarch-model-runtime');
});

test('for programs an error has its code, its problems and its job', () => {
  const failed = new JobFailedError(job, 'IntegrityError', 'does not match', {
    problems: [{ path: 'a.bin', message: 'size' }],
    details: { files: 2 },
  });
  expect(errorJson(failed)).toEqual({
    error: {
      jobId: 'job-1',
      kind: 'Warmup',
      code: 'IntegrityError',
      message: 'integrity error: does not match',
      detail: 'does not match',
      problems: [{ path: 'a.bin', message: 'size' }],
      details: { files: 2 },
    },
  });
});

test.each([
  ['a failed job', new JobFailedError(job, 'InvalidArgument', 'x'), 1],
  ['a cancelled job', new JobFailedError(job, 'Cancelled', 'x'), 130],
  ['a bad request', new ModelJobError('InvalidArgument', 'x'), 2],
  ['a job that runs already', new ModelJobError('AlreadyExists', 'x'), 2],
  ['a request that is too large', new ModelJobError('ResourceLimit', 'x'), 2],
  ['a server that is not there', new NoServerError('x'), 3],
  ['a server that can not be made', new ModelJobError('MissingDependency', 'x'), 3],
  ['a fault of ours', new TypeError('x'), 1],
])('%s has its exit code', (_what, error, exitCode) => {
  expect(exitCodeOf(error)).toBe(exitCode);
});

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
