import type { Command } from 'commander';
import { parseModelAccessJobRequest } from '../../../planner/index.js';
import { requestOf } from '../build-request.js';
import { remark } from '../io.js';
import type { Cli } from './cli-state.js';
import { failOnErrorsOption, type FailureFlags } from './fail-on-errors.js';
import { followOwnJob } from './follow-job.js';
import { addRequestOptions, addStartOptions, jsonOption, type RequestOptions, type StartFlags } from './options.js';
import { printOutcome } from './print-outcome.js';
import { withClient } from './with-client.js';

/** `run`: starts a job, shows its progress, prints its result. Ctrl-C cancels the job. */
export function addRunCommand(program: Command, cli: Cli): void {
  addStartOptions(addRequestOptions(program.command('run').description('start a job, follow it and print its result')))
    .addOption(failOnErrorsOption())
    .addOption(jsonOption())
    .action((file: string | undefined, options: RunFlags) => runJob(cli, file, options));
}

type RunFlags = RequestOptions & StartFlags & FailureFlags;

async function runJob(cli: Cli, file: string | undefined, options: RunFlags): Promise<void> {
  const { io } = cli;
  const request = parseModelAccessJobRequest(await requestOf(io, file, options));
  await withClient(io, async (client) => {
    const handle = await client.start(request, options);
    remark(io, `job ${handle.jobId}`);
    const url = client.jobUrl(handle.jobId);
    if (url) remark(io, url);
    await printOutcome(cli, handle, await followOwnJob(io, handle), options);
  });
}
