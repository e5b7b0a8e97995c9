import { ModelJobError } from '../../../../planner/index.js';
import type { ModelOutput, RunOptions } from '../../../models/contract/model-runtime.js';
import { modelError } from '../each-input.js';
import type { Encoded } from './encoded.js';
import type { TokenRow } from './row-template.js';

/**
 * Runs the rows of all inputs together, and makes an output of each input's own. What can't be encoded, and a row that
 * fails, is the error of its input; what was cut is told of it.
 *
 * @param encode one input as rows
 * @param run the rows of all inputs
 * @param join the output of an input, from what its rows gave
 */
export async function runEncoded<Input, E extends Encoded, T>(
  inputs: readonly Input[],
  { annotate, countTokens }: RunOptions,
  encode: (input: Input) => E,
  run: (rows: readonly TokenRow[]) => Promise<(T | ModelJobError)[]>,
  join: (results: T[], encoded: E, input: Input) => ModelOutput,
): Promise<ModelOutput[]> {
  const encoded = inputs.map((input) => attempt(() => encode(input)));
  const results = await run(encoded.flatMap((one) => (one instanceof ModelJobError ? [] : one.rows)));
  let next = 0;
  return inputs.map((input, at) => {
    const own = encoded[at];
    if (!own || own instanceof ModelJobError) return own ?? null;
    const found = results.slice(next, (next += own.rows.length));
    const failed = found.find((result) => result instanceof ModelJobError);
    if (failed) return failed;
    countTokens?.(
      at,
      own.rows.reduce((sum, { ids }) => sum + ids.length, 0),
    );
    if (own.truncated) annotate?.(at, { truncated: own.truncated });
    return attempt(() => join(found as T[], own, input));
  });
}

/** What some work gives, or its error as that of its input. */
export function attempt<T>(work: () => T): T | ModelJobError {
  try {
    return work();
  } catch (error) {
    return modelError(error);
  }
}
