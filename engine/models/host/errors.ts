import { isErrorCode, ModelJobError } from '../../../planner/index.js';
import { ModelLost } from '../contract/model-lost.js';
import type { ErrorMessage } from './messages.js';

/** An error for another process. One of a runtime from elsewhere may be of another copy of the class. */
export function errorMessage(error: unknown): ErrorMessage {
  const ours = asModelJobError(error);
  const { code, detail, message, problems, details, retryable, stack } = ours;
  const loss = ours instanceof ModelLost ? ours.loss : undefined;
  return { code, detail, message, problems, details, retryable, loss, stack };
}

/** The error that another process told of. */
export function errorOf({ stack, loss, ...told }: ErrorMessage): ModelJobError {
  const { code, detail, details } = told;
  const error = loss ? new ModelLost(loss, detail, details) : new ModelJobError(code, detail, told);
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
