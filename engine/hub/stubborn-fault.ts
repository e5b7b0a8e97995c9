import { ModelJobError, type ModelJobErrorCode } from '../../planner/index.js';

/** A fault that a few tries may end (a page of a proxy, a name that is not known yet); after them it is final. */
export class StubbornFault extends ModelJobError {
  constructor(code: ModelJobErrorCode, detail: string, cause?: unknown) {
    super(code, detail, { retryable: false, cause });
  }
}
