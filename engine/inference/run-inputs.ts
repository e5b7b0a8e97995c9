import { backendName, ModelJobError, type JsonValue, type ModelAccessJobRequest } from '../../planner/index.js';
import { jobCode } from '../models/contract/model-lost.js';
import { fixedCallSizer } from '../models/use/call-sizer.js';
import type { ModelUse } from '../models/use/model-cache.js';
import { runRows, type RowsOutcome } from '../models/use/run-rows.js';
import type { JobWork } from '../workspace/work.js';

/** Inputs of one job that are in memory, and where files of their outputs go. */
export interface InputRun {
  request: ModelAccessJobRequest;
  inputs: readonly JsonValue[];
  /** An existing folder. */
  folder: string;
}

/**
 * Runs inputs on a model, in batches.
 *
 * @throws ModelJobError for the first input that is bad, by its index; at once for one that the model is lost with
 */
export async function runInputs(
  use: ModelUse,
  { request, inputs, folder }: InputRun,
  work: JobWork,
): Promise<RowsOutcome> {
  const { parameters, batch, outputFormat, inputTries, inputTimeoutSeconds } = request.options ?? {};
  let done = 0;
  const rows = await runRows(
    use,
    {
      rows: inputs.map((input) => JSON.stringify(input)),
      named: false,
      parameters: { ...parameters },
      folder,
      form: outputFormat === 'npy' ? 'vectors' : 'json',
      sizer: batch?.batchSize ? fixedCallSizer(batch.batchSize) : use.sizer,
      limits: { tries: inputTries, timeoutSeconds: inputTimeoutSeconds },
      onGivenUp: (error) => {
        throw inputError(error);
      },
    },
    { signal: work.signal, log: work.log },
    (count) => reportInputs(work, (done += count), inputs.length, `running on ${backendName(request.backend)}`),
  );
  const [error] = rows.errors.sort((left, right) => left.at - right.at);
  if (error) throw inputError(error);
  return rows;
}

/** Reports how many of the inputs are done. */
export function reportInputs({ report }: JobWork, completed: number, inputs: number, message: string): void {
  report({ completed, total: Math.max(inputs, 1), unit: 'inputs', message });
}

function inputError({ at, code, message, tries }: RowsOutcome['errors'][number]): ModelJobError {
  const path = `inputs[${at}]`;
  const problems = [{ path, message }];
  const often = tries === undefined ? '' : `; tried ${tries === 1 ? 'once' : `${tries} times`}`;
  const details = tries === undefined ? {} : { code, tries };
  return new ModelJobError(jobCode(code), `${path}: ${message}${often}`, { problems, details, retryable: false });
}
