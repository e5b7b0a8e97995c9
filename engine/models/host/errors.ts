import { isErrorCode, ModelJobError } from '../../../planner/index.js';
import type { ErrorMessage } from './messages.js';

/** An error for another process. One of a runtime from elsewhere may be of another copy of the class. */
export function errorMessage(error: unknown): ErrorMessage {
  const { code, detail, message, problems, details, retryable, stack } = asModelJobError(error);
  return { code, detail, message, problems, details, retryable, stack };
}

/** The error that another process told of. */
export function errorOf({ code, detail, message, problems, details, retryable, stack }: ErrorMessage): ModelJobError {
  const error = new ModelJobError(code, detail, { message, problems, details, retryable });
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** Whatever was thrown, as ours; what a runtime did not expect is final, for it would happen again. */
export function asModelJobError(error: unknown): ModelJobError {
  if (isModelJobError(error)) return error;
  if (!(error instanceof Error)) return new ModelJobError('Failed', String(error), { retryable: false });
  const ours = new ModelJobError('Failed', error.message || error.name, { cause: error, retryable: false });
  if (error.stack !== undefined) ours.stack = error.stack;
  return ours;
}

export function isModelJobError(error: unknown): error is ModelJobError {
  return error instanceof Error && error.name === 'ModelJobError' && 'code' in error && isErrorCode(error.code);
}
