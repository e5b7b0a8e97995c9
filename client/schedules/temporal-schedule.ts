import {
  DAYS_OF_WEEK,
  MONTHS,
  type CalendarSpec,
  type ScheduleOptions,
  type ScheduleSpec,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import {
  calendarRanges,
  durationMs,
  jobKinds,
  parseInterval,
  scheduleIdOf,
  timeZoneMemo,
  type Calendar,
  type CalendarRange,
  type JobSchedule,
} from '../../planner/index.js';
import { uiTexts } from '../jobs/start-options.js';

/** The longest summary that Temporal takes. */
const maxSummaryBytes = 400;

/** A Temporal schedule of jobs: each starts the workflow of the request's kind, under the schedule's id and the slot's time. */
export function temporalSchedule(schedule: JobSchedule, taskQueue: string): ScheduleOptions & ScheduleUpdateOptions {
  const scheduleId = scheduleIdOf(schedule);
  const { request, paused, note, remainingRuns } = schedule;
  return {
    scheduleId,
    spec: specOf(schedule),
    action: {
      type: 'startWorkflow',
      workflowType: jobKinds[request.kind].workflowType,
      workflowId: scheduleId,
      taskQueue,
      args: [{ ...request, id: null }],
      memo: { [timeZoneMemo]: schedule.timeZone },
      typedSearchAttributes: searchAttributesOf(schedule),
      ...scheduledTexts(schedule, scheduleId),
    },
    policies: {
      overlap: schedule.overlap,
      catchupWindow: durationMs(schedule.catchupWindow),
      pauseOnFailure: schedule.pauseOnFailure,
    },
    state: { paused, note, ...(remainingRuns == null ? {} : { remainingActions: remainingRuns }) },
  };
}

function specOf(schedule: JobSchedule): ScheduleSpec {
  const { startAt, endAt } = schedule;
  return {
    cronExpressions: schedule.cron,
    intervals: schedule.every.flatMap((text) => parseInterval(text) ?? []),
    calendars: schedule.calendars.map(calendarSpec),
    skip: schedule.skip.map(calendarSpec),
    ...(startAt == null ? {} : { startAt: new Date(startAt) }),
    ...(endAt == null ? {} : { endAt: new Date(endAt) }),
    jitter: durationMs(schedule.jitter),
    timezone: schedule.timeZone,
  };
}

/** Every field is given with both ends: the SDK's own defaults for them differ from what its documentation says. */
function calendarSpec(calendar: Calendar): CalendarSpec {
  const { month, dayOfWeek, year, ...numbers } = calendarRanges(calendar);
  return {
    ...numbers,
    year: calendar.year == null ? '*' : year,
    month: month.map((range) => named(range, (value) => MONTHS[value - 1] ?? 'JANUARY')),
    dayOfWeek: dayOfWeek.map((range) => named(range, (value) => DAYS_OF_WEEK[value] ?? 'SUNDAY')),
    ...(calendar.comment == null ? {} : { comment: calendar.comment }),
  };
}

function named<Name>({ start, end, step }: CalendarRange, nameOf: (value: number) => Name) {
  return { start: nameOf(start), end: nameOf(end), step };
}

function searchAttributesOf({ searchAttributes }: JobSchedule): SearchAttributePair[] {
  return Object.entries(searchAttributes).map(([name, { type, value }]) => {
    const typed = type === 'DATETIME' ? new Date(value) : value;
    return { key: defineSearchAttributeKey(name, type), value: typed } as SearchAttributePair;
  });
}

/** The texts of a job, which say also where it comes from. */
function scheduledTexts({ request, timeZone }: JobSchedule, scheduleId: string) {
  const { staticSummary, staticDetails } = uiTexts(request);
  const id = scheduleId.replace(/\s+/g, ' ');
  const summary = `${staticSummary}, schedule ${id}`;
  return {
    staticSummary: Buffer.byteLength(summary) <= maxSummaryBytes ? summary : staticSummary,
    staticDetails: `${staticDetails}\n- Schedule: \`${id.replaceAll('`', "'")}\`, time zone ${timeZone}`,
  };
}
