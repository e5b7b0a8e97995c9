import type { Command } from 'commander';
import { parseModelAccessJobRequest } from '../../../planner/index.js';
import { requestOf } from '../build-request.js';
import { printJson, printLine, remark } from '../io.js';
import type { Cli } from './cli-state.js';
import { addRequestOptions, addStartOptions, jsonOption, type RequestOptions, type StartFlags } from './options.js';
import { withClient } from './with-client.js';

/** `start`: starts a job and prints its id. */
export function addStartCommand(program: Command, cli: Cli): void {
  addStartOptions(addRequestOptions(program.command('start').description('start a job and print its id')))
    .addOption(jsonOption('the job id'))
    .action((file: string | undefined, options: RequestOptions & StartFlags) => startJob(cli, file, options));
}

async function startJob(
  { io, json }: Cli,
  file: string | undefined,
  options: RequestOptions & StartFlags,
): Promise<void> {
  const request = parseModelAccessJobRequest(await requestOf(io, file, options));
  await withClient(io, async (client) => {
    const { jobId } = await client.start(request, options);
    const url = client.jobUrl(jobId);
    if (json) {
      printJson(io, { jobId, url: url ?? null });
      return;
    }
    printLine(io, jobId);
    if (url) remark(io, url);
    remark(io, `follow it with: model-jobs watch ${jobId}`);
  });
}
