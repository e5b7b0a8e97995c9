import {
  DAYS_OF_WEEK,
  MONTHS,
  type CalendarSpecDescription,
  type Range,
  type ScheduleDescription,
  type ScheduleSpecDescription,
} from '@temporalio/client';
import {
  calendarOf,
  durationText,
  intervalText,
  parseModelAccessJobRequest,
  type Calendar,
  type JobSchedule,
} from '../../planner/index.js';

/**
 * A schedule as the server has it, written as a caller would write it. The server keeps cron expressions as calendars.
 *
 * @throws ModelJobError `InvalidArgument` for a schedule whose request is no job's
 */
export function scheduleOf(description: ScheduleDescription): JobSchedule {
  const { action, policies, state } = description;
  return {
    id: description.scheduleId,
    request: parseModelAccessJobRequest(action.args?.[0]),
    ...timesOf(description.spec),
    overlap: policies.overlap ?? 'SKIP',
    catchupWindow: durationText(policies.catchupWindow),
    pauseOnFailure: policies.pauseOnFailure,
    paused: state.paused,
    note: state.note ?? '',
    ...(state.remainingActions === undefined ? {} : { remainingRuns: state.remainingActions }),
    searchAttributes: searchAttributesOf(description),
  };
}

type Times = Pick<JobSchedule, 'cron' | 'every' | 'calendars' | 'skip' | 'startAt' | 'endAt' | 'timeZone' | 'jitter'>;

/** When a schedule runs. */
export function timesOf(spec: ScheduleSpecDescription): Times {
  const { startAt, endAt } = spec;
  return {
    cron: [],
    every: (spec.intervals ?? []).map(intervalText),
    calendars: (spec.calendars ?? []).map(calendarText),
    skip: (spec.skip ?? []).map(calendarText),
    ...(startAt ? { startAt: startAt.toISOString() } : {}),
    ...(endAt ? { endAt: endAt.toISOString() } : {}),
    timeZone: spec.timezone || 'UTC',
    jitter: durationText(spec.jitter ?? 0),
  };
}

function calendarText({ comment, month, dayOfWeek, ...numbers }: CalendarSpecDescription): Calendar {
  const calendar = calendarOf({
    ...numbers,
    month: month.map((range) => numbered(range, (name) => MONTHS.indexOf(name) + 1)),
    dayOfWeek: dayOfWeek.map((range) => numbered(range, (name) => DAYS_OF_WEEK.indexOf(name))),
  });
  return comment ? { ...calendar, comment } : calendar;
}

function numbered<Name>({ start, end, step }: Range<Name>, numberOf: (name: Name) => number) {
  return { start: numberOf(start), end: numberOf(end), step };
}

function searchAttributesOf({ action }: Pick<ScheduleDescription, 'action'>): JobSchedule['searchAttributes'] {
  const typed = action.typedSearchAttributes;
  const pairs = Array.isArray(typed) ? typed : (typed?.getAll() ?? []);
  const entries = pairs.map(({ key, value }) => {
    const plain: unknown = value instanceof Date ? value.toISOString() : value;
    return [key.name, { type: key.type, value: plain }];
  });
  return Object.fromEntries(entries) as JobSchedule['searchAttributes'];
}
