import type { Command } from 'commander';
import { ModelJobError, type JobSchedule, type JobScheduleInput } from '../../../../planner/index.js';
import { printJson, printLine } from '../../io.js';
import { readJson } from '../../read-json.js';
import { renderSchedule } from '../../render/schedule.js';
import type { Cli } from '../cli-state.js';
import { jsonOption } from '../options.js';
import { withClient } from '../with-client.js';
import { isSchedule } from './create.js';
import { addDefinitionOptions, definitionOf, type DefinitionFlags } from './definition-flags.js';

/** `schedule update`: what is named changes, the rest stays. */
export function addUpdateCommand(group: Command, cli: Cli): void {
  const command = group
    .command('update')
    .description('change a schedule: what flags name, its request, or all of it')
    .argument('<schedule>', 'schedule id')
    .argument('[file]', 'the new request, or the whole schedule, as a JSON file; - for stdin');
  addDefinitionOptions(command)
    .addOption(jsonOption('the schedule'))
    .action((id: string, file: string | undefined, flags: DefinitionFlags) => updateSchedule(cli, id, file, flags));
}

async function updateSchedule(
  { io, json }: Cli,
  scheduleId: string,
  file: string | undefined,
  flags: DefinitionFlags,
): Promise<void> {
  const given = file === undefined ? undefined : await readJson(io, file, 'schedule');
  const changes = definitionOf(flags);
  if (given === undefined && Object.keys(changes).length === 0) {
    throw new ModelJobError('InvalidArgument', 'nothing to change: give a file, or flags such as --cron');
  }
  await withClient(io, async (client) => {
    const handle = client.schedules.getHandle(scheduleId);
    await handle.update((now) => ({ ...changed(now, given), ...changes }));
    const state = await handle.describe();
    if (json) printJson(io, state);
    else printLine(io, renderSchedule(state));
  });
}

/** A whole schedule leaves only the pause as it is. */
function changed(now: JobSchedule, given: unknown): JobScheduleInput {
  if (given === undefined) return now;
  const { paused, note } = now;
  return { ...(isSchedule(given) ? { paused, note, ...given } : { ...now, request: given }) } as JobScheduleInput;
}
