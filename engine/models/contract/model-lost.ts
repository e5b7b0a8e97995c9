import { ModelJobError, type ModelJobErrorCode } from '../../../planner/index.js';

/** How a model was lost, as the code of the row that does it: its process ended, gave no answer, took too much memory. */
export type LossCode = 'Crashed' | 'TimedOut' | 'ResourceLimit';

/** The code of a row that failed: an error's, or how it ended the model. */
export type RowErrorCode = ModelJobErrorCode | LossCode;

/** The code of a job that fails because of such a row. */
export function jobCode(code: RowErrorCode): ModelJobErrorCode {
  return code === 'Crashed' || code === 'TimedOut' ? 'Failed' : code;
}

/**
 * The process of a model, or the program behind it, was lost with inputs in it, one of which may have done that. Where
 * a runtime gives it as an input's output, the others of the call have theirs.
 */
export class ModelLost extends ModelJobError {
  constructor(
    readonly loss: LossCode,
    detail: string,
    details: Record<string, unknown> = {},
  ) {
    super(jobCode(loss), detail, { details, retryable: false });
  }
}
