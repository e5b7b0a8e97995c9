import type { Client } from '@temporalio/client';
import { scheduleIdOf, type JobScheduleInput } from '../../planner/index.js';
import { acceptSchedule } from './accept-schedule.js';
import { askSchedule } from './schedule-errors.js';
import { JobScheduleHandle } from './schedule-handle.js';
import { summaryOf, type ScheduleSummary } from './schedule-state.js';
import { temporalSchedule } from './temporal-schedule.js';

export { JobScheduleHandle, type Backfill } from './schedule-handle.js';
export type { ScheduledJob, ScheduleState, ScheduleSummary } from './schedule-state.js';
export type { TimeRange } from './slots.js';

/** Schedules of jobs, as Temporal Schedules. */
export class JobSchedules {
  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {}

  /**
   * Makes a schedule. Each of its jobs has the id `{schedule id}-{slot}`, such as `nightly-2026-03-01T02:00:00Z`.
   *
   * @throws ModelJobError `InvalidArgument` with every problem by its path, or with what the server refuses;
   *   `ResourceLimit` for a request over 1 MiB; `AlreadyExists`; NoServerError
   */
  async create(schedule: JobScheduleInput): Promise<JobScheduleHandle> {
    const accepted = acceptSchedule(schedule);
    const scheduleId = scheduleIdOf(accepted);
    const options = temporalSchedule(accepted, this.taskQueue);
    await askSchedule(scheduleId, () => this.client.schedule.create(options));
    return this.getHandle(scheduleId);
  }

  /** The schedules of the server that start jobs. The server's list may lag behind by a moment. */
  async *list(): AsyncGenerator<ScheduleSummary, void, undefined> {
    const schedules = this.client.schedule.list()[Symbol.asyncIterator]();
    for (;;) {
      const next = await askSchedule('', () => schedules.next());
      if (next.done) return;
      const summary = summaryOf(next.value);
      if (summary) yield summary;
    }
  }

  /** A handle on a schedule. Nothing is asked of the server yet. */
  getHandle(scheduleId: string): JobScheduleHandle {
    return new JobScheduleHandle(this.client, scheduleId);
  }
}
