import type { Command } from 'commander';
import { printJson, printLine } from '../../io.js';
import { renderSchedule, renderSchedules } from '../../render/schedule.js';
import type { ScheduleSummary } from '../../../schedules/index.js';
import type { Cli } from '../cli-state.js';
import { jsonOption } from '../options.js';
import { withClient } from '../with-client.js';

/** `schedule list` and `schedule describe`. */
export function addShowCommands(group: Command, cli: Cli): void {
  group
    .command('list')
    .description('list schedules')
    .addOption(jsonOption('the schedules'))
    .action(() => listSchedules(cli));
  group
    .command('describe')
    .description('show a schedule, its next times and its last jobs')
    .argument('<schedule>', 'schedule id')
    .addOption(jsonOption('the schedule'))
    .action((scheduleId: string) => describeSchedule(cli, scheduleId));
}

async function listSchedules({ io, json }: Cli): Promise<void> {
  await withClient(io, async (client) => {
    const schedules: ScheduleSummary[] = [];
    for await (const schedule of client.schedules.list()) schedules.push(schedule);
    if (json) printJson(io, schedules);
    else printLine(io, renderSchedules(schedules));
  });
}

async function describeSchedule({ io, json }: Cli, scheduleId: string): Promise<void> {
  await withClient(io, async (client) => {
    const state = await client.schedules.getHandle(scheduleId).describe();
    if (json) printJson(io, state);
    else printLine(io, renderSchedule(state));
  });
}
