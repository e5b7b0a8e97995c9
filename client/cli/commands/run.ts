import type { Command } from 'commander';
import { parseModelAccessJobRequest } from '../../../planner/index.js';
import { requestOf } from '../build-request.js';
import { remark } from '../io.js';
import type { Cli } from './cli-state.js';
import { followOwnJob } from './follow-job.js';
import { addRequestOptions, jsonOption, type RequestOptions } from './options.js';
import { printOutcome } from './print-outcome.js';
import { withClient } from './with-client.js';

/** `run`: starts a job, shows its progress, prints its result. Ctrl-C cancels the job. */
export function addRunCommand(program: Command, cli: Cli): void {
  addRequestOptions(program.command('run').description('start a job, follow it and print its result'))
    .option('--join', 'follow the job where one with this id is running already')
    .addOption(jsonOption())
    .action((file: string | undefined, options: RunOptions) => runJob(cli, file, options));
}

type RunOptions = RequestOptions & { join?: boolean };

async function runJob(cli: Cli, file: string | undefined, options: RunOptions): Promise<void> {
  const { io } = cli;
  const request = parseModelAccessJobRequest(await requestOf(io, file, options));
  await withClient(io, async (client) => {
    const handle = await client.start(request, { join: options.join });
    remark(io, `job ${handle.jobId}`);
    const url = client.jobUrl(handle.jobId);
    if (url) remark(io, url);
    await printOutcome(cli, handle, await followOwnJob(io, handle));
  });
}
