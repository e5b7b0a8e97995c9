import type { Command } from 'commander';
import type { BatchStatus } from '../../../planner/index.js';
import { printJson, printLine } from '../io.js';
import type { JobHandle } from '../../jobs/job-handle.js';
import { describeStanding } from '../render/batch.js';
import type { Cli } from './cli-state.js';
import { jsonOption, parseCount } from './options.js';
import { withClient } from './with-client.js';

/** `pause`: stops a batch's shards until it is resumed. */
export function addPauseCommand(program: Command, cli: Cli): void {
  jobCommand(program, 'pause')
    .description('pause a batch: its shards stop and free their models; resume goes on at the same row')
    .action((jobId: string) => steer(cli, jobId, (handle) => handle.pause()));
}

/** `resume`: goes on with a batch that is paused. */
export function addResumeCommand(program: Command, cli: Cli): void {
  jobCommand(program, 'resume')
    .description('go on with a paused batch')
    .action((jobId: string) => steer(cli, jobId, (handle) => handle.resume()));
}

/** `concurrency`: sets how many shards of a batch run at once. */
export function addConcurrencyCommand(program: Command, cli: Cli): void {
  jobCommand(program, 'concurrency')
    .description('set how many shards of a running batch run at once')
    .argument('<number>', 'from 1 to 64', parseCount)
    .action((jobId: string, count: number) => steer(cli, jobId, (handle) => handle.setConcurrency(count)));
}

function jobCommand(program: Command, name: string): Command {
  return program.command(name).argument('<job>', 'job id').addOption(jsonOption("the batch's status"));
}

async function steer(
  { io, json }: Cli,
  jobId: string,
  order: (handle: JobHandle) => Promise<BatchStatus>,
): Promise<void> {
  await withClient(io, async (client) => {
    const status = await order(client.getHandle(jobId));
    if (json) printJson(io, status);
    else printLine(io, `${jobId}  ${describeStanding(status)}`);
  });
}
