import type { Client } from '@temporalio/client';
import { optionalDateToTs, tsToDate } from '@temporalio/common/lib/time.js';
import { askSchedule } from './schedule-errors.js';

/** A stretch of time, both ends included. */
export interface TimeRange {
  from: Date;
  to: Date;
}

/** Slots of a schedule. */
export interface Slots {
  count: number;
  /** Whether there are more: the server counts no further than some 1000. */
  more: boolean;
  /** The end of the range that a backfill of them must name. */
  end: Date;
}

/** How many times the server names at once. */
const maxTimes = 1000;

/**
 * The slots of a schedule within a range. A backfill takes the beginning of its range without jitter and its end with
 * it, so the end is moved to the last slot's own start.
 *
 * @param jitter of the schedule, in milliseconds
 */
export async function slotsWithin(
  client: Client,
  scheduleId: string,
  { from, to }: TimeRange,
  jitter: number,
): Promise<Slots> {
  const starts = await startTimes(client, scheduleId, later(from, -1), later(to, jitter));
  const more = starts.length >= maxTimes;
  if (jitter === 0 || more) return { count: starts.length, more, end: to };
  const [beyond] = await startTimes(client, scheduleId, to, later(to, jitter));
  const within = starts.filter((start) => !beyond || start < beyond);
  const last = within.at(-1);
  return { count: within.length, more, end: last && last > to ? later(last, 1) : to };
}

/** When a schedule would start the jobs of the slots after `after` whose start is not past `end`, jitter added. */
async function startTimes(client: Client, scheduleId: string, after: Date, end: Date): Promise<Date[]> {
  const { startTime } = await askSchedule(scheduleId, () =>
    client.workflowService.listScheduleMatchingTimes({
      namespace: client.options.namespace,
      scheduleId,
      startTime: optionalDateToTs(after) ?? null,
      endTime: optionalDateToTs(end) ?? null,
    }),
  );
  return startTime.map(tsToDate);
}

function later(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms);
}
