import type { JobSnapshot } from '../../../planner/index.js';
import { printJson, printLine } from '../io.js';
import type { JobHandle } from '../../jobs/job-handle.js';
import { renderResult } from '../render/result.js';
import { statusLine } from '../render/status.js';
import type { Cli } from './cli-state.js';
import { judgeResult, type FailureFlags } from './fail-on-errors.js';

/**
 * Prints the result of a job that has ended, and judges it: a batch none of whose rows has succeeded exits as a failed
 * job.
 *
 * @throws JobFailedError for one that has no result
 */
export async function printOutcome(
  cli: Cli,
  handle: JobHandle,
  snapshot: JobSnapshot,
  flags: FailureFlags = {},
): Promise<void> {
  const { io, json } = cli;
  const result = await handle.result();
  if (json) printJson(io, result);
  else printLine(io, `${statusLine(snapshot, Date.now())}\n${renderResult(result)}`);
  judgeResult(cli, result, flags);
}
