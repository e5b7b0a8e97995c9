import type { JobSnapshot } from '../../../planner/index.js';
import { printJson, printLine } from '../io.js';
import type { JobHandle } from '../../jobs/job-handle.js';
import { renderResult } from '../render/result.js';
import { statusLine } from '../render/status.js';
import type { Cli } from './cli-state.js';

/**
 * Prints the result of a job that has ended.
 *
 * @throws JobFailedError for one that has no result
 */
export async function printOutcome({ io, json }: Cli, handle: JobHandle, snapshot: JobSnapshot): Promise<void> {
  const result = await handle.result();
  if (json) printJson(io, result);
  else printLine(io, `${statusLine(snapshot, Date.now())}\n${renderResult(result)}`);
}
