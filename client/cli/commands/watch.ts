import type { Command } from 'commander';
import { printLine } from '../io.js';
import type { JobHandle } from '../../jobs/job-handle.js';
import type { Cli } from './cli-state.js';
import { failOnErrorsOption, judgeResult, type FailureFlags } from './fail-on-errors.js';
import { followJob } from './follow-job.js';
import { jsonOption } from './options.js';
import { printOutcome } from './print-outcome.js';
import { withClient } from './with-client.js';

/** `watch`: follows a job that runs already. Ctrl-C ends the watch, not the job. */
export function addWatchCommand(program: Command, cli: Cli): void {
  program
    .command('watch')
    .description('follow a job until its end and print its result')
    .argument('<job>', 'job id')
    .addOption(failOnErrorsOption())
    .addOption(jsonOption('each update, one a line,'))
    .action((jobId: string, flags: FailureFlags) => watchJob(cli, jobId, flags));
}

async function watchJob(cli: Cli, jobId: string, flags: FailureFlags): Promise<void> {
  await withClient(cli.io, async (client) => {
    const handle = client.getHandle(jobId);
    if (cli.json) await printUpdates(cli, handle, flags);
    else await printOutcome(cli, handle, await followJob(cli.io, handle), flags);
  });
}

/** The exit code is that of the job's end, as without `--json`. */
async function printUpdates(cli: Cli, handle: JobHandle, flags: FailureFlags): Promise<void> {
  for await (const update of handle.watch()) printLine(cli.io, JSON.stringify(update));
  judgeResult(cli, await handle.result(), flags);
}
