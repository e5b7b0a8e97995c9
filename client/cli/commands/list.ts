import { Option, type Command } from 'commander';
import { printJson, printLine } from '../io.js';
import { listedStatuses, type JobFilter, type JobSummary } from '../../jobs/list-jobs.js';
import { renderJobs } from '../render/list.js';
import type { Cli } from './cli-state.js';
import { jsonOption, kindOption, parseCount } from './options.js';
import { withClient } from './with-client.js';

/** `list`: the jobs of the server, the latest first. */
export function addListCommand(program: Command, cli: Cli): void {
  program
    .command('list')
    .description('list jobs, the latest first')
    .addOption(new Option('--status <status>', 'only jobs of this status').choices(listedStatuses))
    .addOption(kindOption('only jobs of this kind'))
    .option('--schedule <id>', 'only jobs of this schedule')
    .addOption(new Option('--limit <number>', 'at most so many jobs').argParser(parseCount).default(50))
    .addOption(jsonOption('the jobs'))
    .action((filter: JobFilter) => listJobs(cli, filter));
}

async function listJobs({ io, json }: Cli, filter: JobFilter): Promise<void> {
  await withClient(io, async (client) => {
    const jobs: JobSummary[] = [];
    for await (const job of client.list({ ...filter, retries: true })) jobs.push(job);
    if (json) printJson(io, jobs);
    else printLine(io, renderJobs(jobs, Date.now()));
  });
}
