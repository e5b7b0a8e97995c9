import { ModelJobError, type ModelJobKind } from '../../planner/index.js';

type ErrorOptions = ConstructorParameters<typeof ModelJobError>[2];

/** A job that did not succeed. `code` is the failure's own, `Cancelled` for a cancelled job. */
export class JobFailedError extends ModelJobError {
  readonly jobId: string;
  /** Undefined where the server no longer tells. */
  readonly kind: ModelJobKind | undefined;

  constructor(
    job: { jobId: string; kind?: ModelJobKind | undefined },
    code: ModelJobError['code'],
    detail: string,
    options?: ErrorOptions,
  ) {
    super(code, detail, options);
    this.jobId = job.jobId;
    this.kind = job.kind;
  }
}

/** No Temporal server is known, or the known one does not answer. */
export class NoServerError extends ModelJobError {
  constructor(detail: string, options?: ErrorOptions) {
    super('StateUnavailable', detail, { ...options, message: detail });
  }
}
