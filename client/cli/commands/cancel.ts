import type { Command } from 'commander';
import { printJson, printLine } from '../io.js';
import type { JobHandle } from '../../jobs/job-handle.js';
import { statusLine } from '../render/status.js';
import type { Cli } from './cli-state.js';
import { followJob } from './follow-job.js';
import { jsonOption } from './options.js';
import { withClient } from './with-client.js';

/** `cancel`: asks for a job's cancellation. */
export function addCancelCommand(program: Command, cli: Cli): void {
  program
    .command('cancel')
    .description('cancel a job')
    .argument('<job>', 'job id')
    .option('--reason <text>', "why, for the job's history")
    .option('--wait', 'wait until the job has stopped')
    .addOption(jsonOption("the job's id and status"))
    .action((jobId: string, options: CancelOptions) => cancelJob(cli, jobId, options));
}

interface CancelOptions {
  reason?: string;
  wait?: boolean;
}

async function cancelJob(cli: Cli, jobId: string, options: CancelOptions): Promise<void> {
  await withClient(cli.io, async (client) => {
    const handle = client.getHandle(jobId);
    await handle.cancel(options.reason);
    if (options.wait) await printEnd(cli, handle);
    else if (cli.json) printJson(cli.io, { jobId, status: 'cancelling' });
    else printLine(cli.io, `${jobId}  cancellation requested`);
  });
}

async function printEnd({ io, json }: Cli, handle: JobHandle): Promise<void> {
  const snapshot = await followJob(io, handle);
  if (json) printJson(io, { jobId: handle.jobId, status: snapshot.status });
  else printLine(io, statusLine(snapshot, Date.now()));
}
