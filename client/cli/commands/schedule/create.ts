import type { Command } from 'commander';
import { parseJobSchedule, type JobScheduleInput } from '../../../../planner/index.js';
import { requestOf } from '../../build-request.js';
import { printJson, printLine } from '../../io.js';
import { renderSchedule } from '../../render/schedule.js';
import type { Cli } from '../cli-state.js';
import { addRequestOptions, jsonOption, type RequestOptions } from '../options.js';
import { withClient } from '../with-client.js';
import { addDefinitionOptions, definitionOf, type DefinitionFlags } from './definition-flags.js';

/** `schedule create`: a schedule from a request and flags, or from a file that says it all. */
export function addCreateCommand(group: Command, cli: Cli): void {
  const command = group
    .command('create')
    .description('make a schedule of a request and flags, or of a schedule in a JSON file');
  addDefinitionOptions(addRequestOptions(command, 'schedule'))
    .option('--paused', 'make it paused')
    .addOption(jsonOption('the schedule'))
    .action((file: string | undefined, options: CreateOptions) => createSchedule(cli, file, options));
}

type CreateOptions = RequestOptions & DefinitionFlags & { paused?: boolean };

async function createSchedule({ io, json }: Cli, file: string | undefined, options: CreateOptions): Promise<void> {
  const given = await requestOf(io, file, options);
  const schedule = {
    ...(isSchedule(given) ? given : { request: given }),
    ...definitionOf(options),
    ...(options.paused ? { paused: true } : {}),
  } as JobScheduleInput;
  parseJobSchedule(schedule);
  await withClient(io, async (client) => {
    const handle = await client.schedules.create(schedule);
    const state = await handle.describe();
    if (json) printJson(io, state);
    else printLine(io, renderSchedule(state));
  });
}

/** Whether a JSON file holds a schedule, and not only its request. */
export function isSchedule(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && 'request' in value;
}
