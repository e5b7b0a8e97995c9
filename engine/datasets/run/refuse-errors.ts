import { ModelJobError } from '../../../planner/index.js';
import { jobCode } from '../../models/contract/model-lost.js';
import type { RowsOutcome } from '../../models/use/run-rows.js';

/** @throws ModelJobError for the first of these rows that is bad, by its number in the data set */
export function refuseErrors(
  { errors, customIds }: Pick<RowsOutcome, 'errors' | 'customIds'>,
  rowOf: (at: number) => number,
): void {
  const [first] = errors.sort((left, right) => left.at - right.at);
  if (!first) return;
  const customId = customIds[first.at] ?? null;
  const name = customId === null ? '' : ` (${customId})`;
  const code = first.tries === undefined ? 'InvalidArgument' : jobCode(first.code);
  throw new ModelJobError(code, `row ${rowOf(first.at)}${name}: ${first.message}`, { retryable: false });
}
