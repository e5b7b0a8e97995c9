import { resolve } from 'node:path';
import type { Command } from 'commander';
import { printJson, printLine, remark } from '../io.js';
import type { Cli } from './cli-state.js';
import { failOnErrorsOption, type FailureFlags } from './fail-on-errors.js';
import { followOwnJob } from './follow-job.js';
import { collect, jsonOption } from './options.js';
import { printOutcome } from './print-outcome.js';
import { withClient } from './with-client.js';

/** `retry-failed`: runs the rows of a batch again that have not succeeded. */
export function addRetryFailedCommand(program: Command, cli: Cli): void {
  program
    .command('retry-failed')
    .description('run the rows of an ended batch again that have not succeeded, and merge them into its outputs')
    .argument('<job>', 'job id')
    .option(
      '--input <path>',
      'file of mended rows, by custom_id, or by index where there is none; may be repeated',
      collect,
    )
    .option('--detach', 'print the id of the new job and return')
    .addOption(failOnErrorsOption())
    .addOption(jsonOption())
    .action((jobId: string, options: RetryOptions) => retryFailed(cli, jobId, options));
}

interface RetryOptions extends FailureFlags {
  detach?: boolean;
  input?: string[];
}

async function retryFailed(cli: Cli, jobId: string, { detach = false, input, ...flags }: RetryOptions): Promise<void> {
  const { io, json } = cli;
  await withClient(io, async (client) => {
    const mended = input?.map((path) => ({ kind: 'localPath' as const, value: absolute(path) }));
    const handle = await client.retryFailed(jobId, mended ? { mended } : {});
    const url = client.jobUrl(handle.jobId);
    if (!detach) {
      remark(io, `job ${handle.jobId}`);
      await printOutcome(cli, handle, await followOwnJob(io, handle), flags);
    } else if (json) printJson(io, { jobId: handle.jobId, url: url ?? null });
    else printLine(io, handle.jobId);
  });
}

/** An address is one already. */
function absolute(path: string): string {
  return /^[a-z0-9]+:\/\//i.test(path) ? path : resolve(path);
}
