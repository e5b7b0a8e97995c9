import { defineSearchAttributeKey } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import { timeZoneMemo, type Moment } from '../planner/index.js';

/** Search attributes that the server puts on what a schedule starts, and keeps when it continues as new. */
const scheduledTime = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');
const scheduledBy = defineSearchAttributeKey('TemporalScheduledById', 'KEYWORD');

/**
 * What this job's placeholders stand for: the time that its schedule meant, without jitter and delays, by the
 * schedule's clock. For a job that no schedule started it is the job's own start, in UTC.
 */
export function slotMoment(): Moment {
  const { typedSearchAttributes, memo, startTime } = workflowInfo();
  const timeZone = memo?.[timeZoneMemo];
  return {
    time: typedSearchAttributes.get(scheduledTime) ?? startTime,
    timeZone: typeof timeZone === 'string' ? timeZone : 'UTC',
  };
}

/** The schedule and its time, for the job's record; nothing for a job that no schedule started. */
export function slotMetadata(): Record<string, string> {
  const { typedSearchAttributes } = workflowInfo();
  const id = typedSearchAttributes.get(scheduledBy);
  return id === undefined ? {} : { 'schedule.id': id, 'schedule.time': slotMoment().time.toISOString() };
}
