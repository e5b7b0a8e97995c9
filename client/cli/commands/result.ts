import type { Command } from 'commander';
import type { Cli } from './cli-state.js';
import { failOnErrorsOption, type FailureFlags } from './fail-on-errors.js';
import { jsonOption } from './options.js';
import { printOutcome } from './print-outcome.js';
import { withClient } from './with-client.js';

/** `result`: waits for a job's end without a word and prints its result. */
export function addResultCommand(program: Command, cli: Cli): void {
  program
    .command('result')
    .description("wait for a job's end and print its result")
    .argument('<job>', 'job id')
    .addOption(failOnErrorsOption())
    .addOption(jsonOption())
    .action((jobId: string, flags: FailureFlags) => showResult(cli, jobId, flags));
}

async function showResult(cli: Cli, jobId: string, flags: FailureFlags): Promise<void> {
  await withClient(cli.io, async (client) => {
    const handle = client.getHandle(jobId);
    await handle.result();
    await printOutcome(cli, handle, await handle.snapshot(), flags);
  });
}
