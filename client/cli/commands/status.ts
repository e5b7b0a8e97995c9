import type { Command } from 'commander';
import { printJson, printLine } from '../io.js';
import { renderStatus } from '../render/status.js';
import type { Cli } from './cli-state.js';
import { jsonOption } from './options.js';
import { withClient } from './with-client.js';

/** `status`: the job's snapshot. */
export function addStatusCommand(program: Command, cli: Cli): void {
  program
    .command('status')
    .description("show a job's state")
    .argument('<job>', 'job id')
    .addOption(jsonOption('the snapshot'))
    .action((jobId: string) => showStatus(cli, jobId));
}

async function showStatus({ io, json }: Cli, jobId: string): Promise<void> {
  await withClient(io, async (client) => {
    const snapshot = await client.getHandle(jobId).snapshot();
    if (json) printJson(io, snapshot);
    else printLine(io, renderStatus(snapshot, { now: Date.now(), url: client.jobUrl(jobId) }));
  });
}
