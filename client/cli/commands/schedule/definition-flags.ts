import { InvalidArgumentError, Option, type Command } from 'commander';
import { overlapPolicies, type JobScheduleInput, type OverlapPolicy } from '../../../../planner/index.js';
import { collect, parseCount } from '../options.js';
import { parseAttribute } from './search-attribute.js';

/** What `addDefinitionOptions` parses. */
export interface DefinitionFlags {
  cron?: string[];
  every?: string[];
  calendar?: Calendars;
  skip?: Calendars;
  startAt?: string;
  endAt?: string;
  timeZone?: string;
  jitter?: string;
  overlap?: OverlapPolicy;
  catchupWindow?: string;
  pauseOnFailure?: boolean;
  note?: string;
  remainingRuns?: number;
  searchAttribute?: Attributes;
}

type Attributes = NonNullable<JobScheduleInput['searchAttributes']>;
/** As JSON has it: the planner judges it. */
type Calendars = NonNullable<JobScheduleInput['calendars']> & unknown[];

/** The options that say when a schedule runs, and how. */
export function addDefinitionOptions(command: Command): Command {
  return command
    .option('--cron <expression>', 'run by a cron expression; may be repeated', collect)
    .option('--every <interval>', 'run every so often: 30m, or 1h/5m for five past; may be repeated', collect)
    .option('--calendar <json>', 'run by a calendar: {"hour":2,"dayOfWeek":"MON-FRI"}; may be repeated', collectJson)
    .option('--skip <json>', 'leave out the times of a calendar; may be repeated', collectJson)
    .option('--start-at <time>', 'not before: 2026-03-01T00:00:00Z')
    .option('--end-at <time>', 'not after')
    .option('--time-zone <name>', 'IANA time zone of cron, calendars and placeholders (UTC)')
    .option('--jitter <duration>', 'be late by a random time up to this: 5m')
    .addOption(overlapOption('when an earlier job still runs (skip)'))
    .option('--catchup-window <duration>', 'how late a job may start after the server was down (10m)')
    .option('--pause-on-failure', 'pause when a job fails')
    .option('--no-pause-on-failure', 'go on when a job fails')
    .option('--note <text>', 'a remark for people')
    .addOption(new Option('--remaining-runs <number>', 'stop after so many jobs').argParser(parseCount))
    .option('--search-attribute <name=TYPE:value>', 'on each job: Team=KEYWORD:ml; may be repeated', collectAttribute);
}

/** `--overlap`, in small letters with hyphens or as Temporal writes it. */
export function overlapOption(description: string): Option {
  const names = overlapPolicies.map((name) => name.toLowerCase().replaceAll('_', '-'));
  return new Option('--overlap <policy>', `${description}: ${names.join(', ')}`).argParser(parseOverlap);
}

/** The part of a schedule that flags name. One of `--cron`, `--every` and `--calendar` takes the place of all three. */
export function definitionOf(flags: DefinitionFlags): Partial<JobScheduleInput> {
  const { cron, every, calendar, searchAttribute, skip, startAt, endAt, timeZone, jitter, overlap } = flags;
  const { catchupWindow, pauseOnFailure, note, remainingRuns } = flags;
  const times = (cron ?? every ?? calendar) ? { cron: cron ?? [], every: every ?? [], calendars: calendar ?? [] } : {};
  const rest = { skip, startAt, endAt, timeZone, jitter, overlap, catchupWindow, pauseOnFailure, note, remainingRuns };
  const given = Object.entries({ ...rest, searchAttributes: searchAttribute });
  return { ...times, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}

function parseOverlap(text: string): OverlapPolicy {
  const wanted = text.toUpperCase().replaceAll('-', '_');
  const policy = overlapPolicies.find((name) => name === wanted);
  if (!policy) throw new InvalidArgumentError(`Expected one of ${overlapPolicies.join(', ')}.`);
  return policy;
}

function collectJson(text: string, before: unknown[] = []): unknown[] {
  try {
    return [...before, JSON.parse(text)];
  } catch {
    throw new InvalidArgumentError('Expected JSON such as {"hour":2,"dayOfWeek":"MON-FRI"}.');
  }
}

function collectAttribute(text: string, before: Attributes = {}): Attributes {
  return { ...before, ...parseAttribute(text) };
}
