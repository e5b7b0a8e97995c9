import { ModelJobError } from '../shared/errors.js';
import type { ModelAccessJobRequest } from '../request/request.js';
import type { JobOutcome } from './result.js';

/** An input that is not there: its field in the request, and the path or URI that the request names. */
export interface MissingInput {
  field: string;
  path: string;
}

/** What a search for the inputs found. */
export interface InputFacts {
  missing: MissingInput[];
}

/** Whether a request wants its inputs looked for before the work begins. */
export function looksForInputs({ inputs, options }: ModelAccessJobRequest): boolean {
  const { onMissingInput, inputWaitSeconds } = options ?? {};
  return inputs.some(({ kind }) => kind !== 'json') && (onMissingInput === 'skip' || inputWaitSeconds != null);
}

/**
 * Decides what inputs that are not there mean to a job.
 *
 * @returns undefined where all are there; else the outcome of a job that skips its work
 * @throws ModelJobError `NotFound`, unless the request says `skip`
 */
export function judgeInputs({ options }: ModelAccessJobRequest, { missing }: InputFacts): JobOutcome | undefined {
  const [first] = missing;
  if (!first) return undefined;
  const reason = missingText(missing);
  if (options?.onMissingInput !== 'skip') {
    const message =
      options?.inputWaitSeconds == null ? reason : `${reason} after a wait of ${options.inputWaitSeconds} s`;
    throw new ModelJobError('NotFound', message, { details: { missing } });
  }
  return {
    artifacts: [],
    output: { skipped: true, reason, missing: missing.map(({ path }) => path) },
    diagnostics: [
      {
        severity: 'warning',
        code: 'MissingInput',
        message: `skipped: ${reason}`,
        source: first.field,
        help: 'run the job again, or backfill its schedule, when the input is there',
      },
    ],
  };
}

/** Which inputs are missing, in the crate's words. */
export function missingText(missing: readonly MissingInput[]): string {
  const [first, ...rest] = missing;
  const more = rest.length > 0 ? `, nor do ${rest.length} more` : '';
  return `model input path \`${first?.path ?? ''}\` does not exist${more}`;
}
