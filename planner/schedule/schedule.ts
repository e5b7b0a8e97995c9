import { z } from 'zod';
import { calendarSchema } from './calendar.js';
import { durationSchema, parseInterval } from './duration.js';
import { ModelJobError } from '../shared/errors.js';
import { defaultJobId } from '../job/job-spec.js';
import { once } from '../shared/once.js';
import { parseWith } from '../shared/parse.js';
import { fillPlaceholders, isTimeZone } from '../request/placeholders.js';
import { jobRequestSchema } from '../request/request.js';
import { isBlank } from '../shared/text.js';

/** What happens to a run that is due while an earlier one is not done (Temporal's names). */
export const overlapPolicies = [
  'SKIP',
  'BUFFER_ONE',
  'BUFFER_ALL',
  'CANCEL_OTHER',
  'TERMINATE_OTHER',
  'ALLOW_ALL',
] as const;

export const overlapSchema = once(() => z.enum(overlapPolicies));

/** Every so often since 1970 began, in UTC: `1h`, or `1h/5m` for five past each hour. */
const intervalSchema = once(() =>
  z
    .string()
    .refine((text) => parseInterval(text) !== undefined, 'expected an interval of at least 1s, such as 30m or 1h/5m'),
);

/** Five to seven fields, as Temporal reads them, or a word such as `@daily`. */
const cronSchema = once(() =>
  z
    .string()
    .refine(
      isCron,
      'expected a cron expression of 5 to 7 fields, such as 30 2 * * MON-FRI (the zone goes to timeZone)',
    ),
);

/** RFC 3339. */
const momentSchema = once(() =>
  z.iso.datetime({ offset: true, error: 'expected a time such as 2026-03-01T00:00:00Z' }),
);

/** A typed search attribute, with Temporal's names of types. The server must know it. */
const searchAttributeSchema = once(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.enum(['KEYWORD', 'TEXT']), value: z.string() }),
    z.strictObject({ type: z.literal('KEYWORD_LIST'), value: z.array(z.string()) }),
    z.strictObject({ type: z.literal('INT'), value: z.int() }),
    z.strictObject({ type: z.literal('DOUBLE'), value: z.number() }),
    z.strictObject({ type: z.literal('BOOL'), value: z.boolean() }),
    z.strictObject({ type: z.literal('DATETIME'), value: momentSchema() }),
  ]),
);

/**
 * A schedule of jobs: what to run (`request`), when (the union of `cron`, `every` and `calendars`, without `skip`), and
 * what to do when things overlap or fail.
 */
export const scheduleSchema = once(() =>
  z
    .strictObject({
      /** The schedule's id; each job's id is it and the slot's time. Default: the request's id, else its job id. */
      id: z.string().nullish(),
      /** Its `id` names the schedule where `id` does not; paths may hold `{yyyy} {MM} {dd} {HH} {mm} {ss} {date}`. */
      request: jobRequestSchema(),
      cron: oneOrMany(cronSchema()),
      every: oneOrMany(intervalSchema()),
      calendars: oneOrMany(calendarSchema()),
      /** Times that match one of these are left out. */
      skip: oneOrMany(calendarSchema()),
      startAt: momentSchema().nullish(),
      endAt: momentSchema().nullish(),
      /** An IANA name, for `cron`, `calendars`, `skip` and placeholders. */
      timeZone: z.string().refine(isTimeZone, 'expected the IANA name of a time zone').default('UTC'),
      /** Each start is late by a random time up to this. Placeholders hold the time without it. */
      jitter: durationSchema().default('0s'),
      overlap: overlapSchema().default('SKIP'),
      /** How late a run may start after the server was down; what is later is missed. At least 10 s. */
      catchupWindow: durationSchema().default('10m'),
      /** Whether the schedule pauses when one of its jobs fails. */
      pauseOnFailure: z.boolean().default(false),
      paused: z.boolean().default(false),
      /** A remark for people; a pause replaces it. */
      note: z.string().default(''),
      /** Runs that are left, triggers apart. Default: any number. */
      remainingRuns: z.int().min(0).nullish(),
      /** On each run, beside the server's `TemporalScheduledById` and `TemporalScheduledStartTime`. */
      searchAttributes: z.record(z.string(), searchAttributeSchema()).default({}),
    })
    .superRefine(checkTimes),
);

export type OverlapPolicy = z.infer<ReturnType<typeof overlapSchema>>;
export type JobSchedule = z.infer<ReturnType<typeof scheduleSchema>>;
/** A schedule as a caller writes it: what has a default may be left out, and a list of one may be the one. */
export type JobScheduleInput = z.input<ReturnType<typeof scheduleSchema>>;

/**
 * Reads a schedule.
 *
 * @throws ModelJobError `InvalidArgument` with every problem by its path, or an unknown placeholder
 */
export function parseJobSchedule(value: unknown): JobSchedule {
  const schedule = parseWith(scheduleSchema(), value, 'schedule');
  if (isBlank(scheduleIdOf(schedule))) throw new ModelJobError('InvalidArgument', 'schedule id must not be empty');
  fillPlaceholders(schedule.request, { time: new Date(0), timeZone: schedule.timeZone });
  return schedule;
}

/** The id of a schedule, which is what the ids of its jobs begin with. */
export function scheduleIdOf({ id, request }: JobSchedule): string {
  return id ?? request.id ?? defaultJobId(request);
}

function oneOrMany<T extends z.ZodType>(schema: T) {
  return z.union([schema.transform((one) => [one]), z.array(schema)]).default([]);
}

interface Times {
  cron: readonly unknown[];
  every: readonly unknown[];
  calendars: readonly unknown[];
  startAt?: string | null | undefined;
  endAt?: string | null | undefined;
}

function checkTimes({ cron, every, calendars, startAt, endAt }: Times, context: z.RefinementCtx): void {
  if (cron.length + every.length + calendars.length === 0) {
    context.addIssue({ code: 'custom', message: 'expected cron, every or calendars, to say when it runs' });
  }
  if (startAt != null && endAt != null && Date.parse(endAt) < Date.parse(startAt)) {
    context.addIssue({ code: 'custom', path: ['endAt'], message: 'expected a time after startAt' });
  }
}

function isCron(text: string): boolean {
  const expression = text.replace(/\s+#.*$/, '').trim();
  if (/^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(expression)) return true;
  const fields = expression.split(/\s+/);
  return fields.length >= 5 && fields.length <= 7 && fields.every((field) => /^[\w*?,/-]+$/.test(field));
}
