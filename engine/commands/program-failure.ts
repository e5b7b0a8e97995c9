import { ModelJobError } from '../../planner/index.js';

/** How a program failed: it could not be started, was ended by a signal, for the time or for silence, or by its exit code. */
export type FailureKind = 'start' | 'signal' | 'time' | 'silence' | 'status';

/** A program that did not succeed. Running it again is the caller's decision: by default that is final. */
export class ProgramFailure extends ModelJobError {
  constructor(
    readonly how: FailureKind,
    detail: string,
    options: { stderr?: string; exitCode?: number; retryable?: boolean } = {},
  ) {
    const { stderr = '', exitCode, retryable = false } = options;
    const said = stderr === '' ? {} : { stderr: stderr.slice(-2000) };
    super('Failed', detail, { details: { ...said, ...(exitCode === undefined ? {} : { exitCode }) }, retryable });
  }
}
