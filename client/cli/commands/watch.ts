import type { Command } from 'commander';
import { printLine } from '../io.js';
import type { JobHandle } from '../../jobs/job-handle.js';
import type { Cli } from './cli-state.js';
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
    .addOption(jsonOption('each update, one a line,'))
    .action((jobId: string) => watchJob(cli, jobId));
}

async function watchJob(cli: Cli, jobId: string): Promise<void> {
  await withClient(cli.io, async (client) => {
    const handle = client.getHandle(jobId);
    if (cli.json) await printUpdates(cli, handle);
    else await printOutcome(cli, handle, await followJob(cli.io, handle));
  });
}

/** The exit code is that of the job's end, as without `--json`. */
async function printUpdates({ io }: Cli, handle: JobHandle): Promise<void> {
  for await (const update of handle.watch()) printLine(io, JSON.stringify(update));
  await handle.result();
}
