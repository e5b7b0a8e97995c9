import { ModelJobError, type ModelJobErrorCode, type ModelJobProblem } from '../../planner/index.js';

/** What a thread says: reports on the way, and one output or error at the end. */
export type ThreadReply<Output, Report> = { report: Report } | { output: Output } | { error: PackedError };

/** An error as plain data: what is copied to another thread loses its class and fields. */
export type PackedError =
  | {
      kind: 'job';
      code: ModelJobErrorCode;
      detail: string;
      retryable: boolean;
      problems: ModelJobProblem[];
      details: Record<string, unknown>;
    }
  | { kind: 'other'; name: string; message: string; stack: string | undefined; fields: Record<string, unknown> };

export function packError(error: unknown): PackedError {
  if (error instanceof ModelJobError) {
    const { code, detail, retryable, problems, details } = error;
    return { kind: 'job', code, detail, retryable, problems, details };
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  // What the operating system said: `code`, `syscall`, `path`.
  const fields = Object.fromEntries(
    Object.entries(error instanceof Error ? error : {}).filter(([, value]) => typeof value !== 'object'),
  );
  return { kind: 'other', name, message, stack, fields };
}

export function unpackError(packed: PackedError): Error {
  if (packed.kind === 'job') {
    const { retryable, problems, details } = packed;
    return new ModelJobError(packed.code, packed.detail, { retryable, problems, details });
  }
  const error = Object.assign(new Error(packed.message), packed.fields);
  error.name = packed.name;
  if (packed.stack !== undefined) error.stack = packed.stack;
  return error;
}
