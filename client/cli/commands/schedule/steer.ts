import { InvalidArgumentError, Option, type Command } from 'commander';
import type { OverlapPolicy } from '../../../../planner/index.js';
import { printJson, printLine, remark } from '../../io.js';
import type { JobScheduleHandle, TimeRange } from '../../../schedules/index.js';
import type { Cli } from '../cli-state.js';
import { jsonOption } from '../options.js';
import { withClient } from '../with-client.js';
import { overlapOption } from './definition-flags.js';

/** `schedule trigger`, `pause`, `unpause`, `backfill` and `delete`. */
export function addSteeringCommands(group: Command, cli: Cli): void {
  const command = (name: string, description: string): Command =>
    group.command(name).description(description).argument('<schedule>', 'schedule id');
  const noted = (name: 'pause' | 'unpause', description: string): Command =>
    command(name, description)
      .option('--note <text>', 'why, for people')
      .addOption(jsonOption("the schedule's id and state"))
      .action((id: string, { note }: { note?: string }) => setPaused(cli, id, name === 'pause', note));
  command('trigger', 'start a job of a schedule now, and print its id')
    .addOption(overlapOption("when an earlier job still runs (the schedule's own)"))
    .addOption(jsonOption("the job's id"))
    .action((id: string, { overlap }: { overlap?: OverlapPolicy }) => trigger(cli, id, overlap));
  noted('pause', 'start no more jobs until unpause; what runs goes on');
  noted('unpause', 'start jobs again, from the next slot on');
  command('backfill', 'run every slot of a time range, as if its time had come now')
    .addOption(timeOption('--from <time>', 'first slot: 2026-03-01T00:00:00Z'))
    .addOption(timeOption('--to <time>', 'last slot'))
    .addOption(overlapOption('while a job runs (buffer-all: one slot after another)'))
    .addOption(jsonOption('how many slots'))
    .action((id: string, { overlap, ...range }: TimeRange & { overlap?: OverlapPolicy }) =>
      backfill(cli, id, range, overlap),
    );
  command('delete', 'delete a schedule; jobs that run go on')
    .addOption(jsonOption("the schedule's id"))
    .action((id: string) => deleteSchedule(cli, id));
}

function trigger(cli: Cli, scheduleId: string, overlap?: OverlapPolicy): Promise<void> {
  return steer(cli, scheduleId, async (handle) => {
    const jobId = await handle.trigger(overlap);
    if (cli.json) printJson(cli.io, { scheduleId, jobId: jobId ?? null });
    else if (jobId !== undefined) printLine(cli.io, jobId);
    else remark(cli.io, 'no job has started: an earlier one runs, and the overlap policy lets this one wait or skip');
  });
}

function setPaused(cli: Cli, scheduleId: string, paused: boolean, note?: string): Promise<void> {
  return steer(cli, scheduleId, async (handle) => {
    await (paused ? handle.pause(note) : handle.unpause(note));
    if (cli.json) printJson(cli.io, { scheduleId, paused });
    else printLine(cli.io, `${scheduleId}  ${paused ? 'paused' : 'active'}`);
  });
}

function backfill(cli: Cli, scheduleId: string, range: TimeRange, overlap?: OverlapPolicy): Promise<void> {
  return steer(cli, scheduleId, async (handle) => {
    const { slots, more } = await handle.backfill(range, overlap);
    if (cli.json) printJson(cli.io, { scheduleId, slots, more });
    else
      printLine(
        cli.io,
        `${scheduleId}  backfilling ${slots}${more ? ' slots and more' : slots === 1 ? ' slot' : ' slots'}`,
      );
  });
}

function deleteSchedule(cli: Cli, scheduleId: string): Promise<void> {
  return steer(cli, scheduleId, async (handle) => {
    await handle.delete();
    if (cli.json) printJson(cli.io, { scheduleId, deleted: true });
    else printLine(cli.io, `${scheduleId}  deleted`);
  });
}

function steer({ io }: Cli, scheduleId: string, work: (handle: JobScheduleHandle) => Promise<void>): Promise<void> {
  return withClient(io, (client) => work(client.schedules.getHandle(scheduleId)));
}

function timeOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseTime).makeOptionMandatory();
}

function parseTime(text: string): Date {
  const time = new Date(text);
  const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  if (!whole || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('Expected a time such as 2026-03-01T00:00:00Z.');
  return time;
}
