import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ScheduleExecutionResult, ScheduleHandle as TemporalHandle } from '@temporalio/client';
import {
  durationMs,
  ModelJobError,
  type JobSchedule,
  type JobScheduleInput,
  type OverlapPolicy,
} from '../../planner/index.js';
import { acceptSchedule } from './accept-schedule.js';
import { scheduleOf } from './described-schedule.js';
import { askSchedule } from './schedule-errors.js';
import { stateOf, type ScheduleState } from './schedule-state.js';
import { slotsWithin, type TimeRange } from './slots.js';
import { temporalSchedule } from './temporal-schedule.js';

/** How long a triggered job may take to show itself, in milliseconds, and how often it is looked for. */
const triggerPatience = 3000;
const triggerInterval = 50;

/** What a backfill has asked for. */
export interface Backfill {
  /** How many slots. */
  slots: number;
  /** Whether there are more: the server counts no further than some 1000, and runs them all. */
  more: boolean;
}

/** One schedule of jobs. Every method throws ModelJobError `NotFound` where it does not exist, and NoServerError. */
export class JobScheduleHandle {
  private readonly temporal: TemporalHandle;

  constructor(
    private readonly client: Client,
    readonly scheduleId: string,
  ) {
    this.temporal = client.schedule.getHandle(scheduleId);
  }

  /**
   * The schedule, its next times and its last jobs.
   *
   * @throws ModelJobError `InvalidArgument` for a schedule that starts no job
   */
  async describe(): Promise<ScheduleState> {
    return stateOf(await this.ask(() => this.temporal.describe()));
  }

  /**
   * Starts a job now, in a slot of this second.
   *
   * @param overlap what to do where a job of the schedule runs. Default: the schedule's own policy
   * @returns the job's id; undefined where the policy leaves it out, or lets it wait
   */
  async trigger(overlap?: OverlapPolicy): Promise<string | undefined> {
    const before = await this.ask(() => this.temporal.describe());
    await this.ask(() => this.temporal.trigger(overlap ?? before.policies.overlap));
    const known = new Set(before.info.recentActions.map(runIdOf));
    const end = Date.now() + triggerPatience;
    while (Date.now() < end) {
      const { info } = await this.ask(() => this.temporal.describe());
      const started = [...info.recentActions].reverse().find((action) => !known.has(runIdOf(action)));
      if (started) return started.action.workflow.workflowId;
      if (info.numActionsSkippedOverlap > before.info.numActionsSkippedOverlap) return undefined;
      await sleep(triggerInterval);
    }
    return undefined;
  }

  /**
   * Starts no more jobs until `unpause`; what runs goes on.
   *
   * @param note why, for people
   */
  async pause(note?: string): Promise<void> {
    await this.ask(() => this.temporal.pause(note || 'paused with model-jobs'));
  }

  /** Starts jobs again, beginning with the next slot: those of the pause are left out, a backfill brings them. */
  async unpause(note?: string): Promise<void> {
    await this.ask(() => this.temporal.unpause(note || 'unpaused with model-jobs'));
  }

  /**
   * Runs every slot within a range, past or future, as if its time had come now; paused or not.
   *
   * @param range both ends included; jitter does not count
   * @param overlap what to do while a job of the schedule runs. Default: `BUFFER_ALL`, one slot after another
   * @throws ModelJobError `InvalidArgument` for a range that holds no slot
   */
  async backfill(range: TimeRange, overlap: OverlapPolicy = 'BUFFER_ALL'): Promise<Backfill> {
    const { schedule } = await this.describe();
    const { count, more, end } = await slotsWithin(this.client, this.scheduleId, range, durationMs(schedule.jitter));
    if (count === 0) {
      const [from, to] = [range.from.toISOString(), range.to.toISOString()];
      throw new ModelJobError('InvalidArgument', `schedule \`${this.scheduleId}\` has no slot from ${from} to ${to}`);
    }
    await this.ask(() => this.temporal.backfill({ start: range.from, end, overlap }));
    return { slots: count, more };
  }

  /**
   * Changes the schedule; jobs that run go on as they were.
   *
   * @param change gets the schedule as it is, and gives it as it shall be. The id stays
   * @throws ModelJobError `InvalidArgument`, `ResourceLimit` as `JobSchedules.create`
   */
  async update(change: (now: JobSchedule) => JobScheduleInput): Promise<void> {
    const description = await this.ask(() => this.temporal.describe());
    const schedule = acceptSchedule({ ...change(scheduleOf(description)), id: this.scheduleId });
    const options = temporalSchedule(schedule, description.action.taskQueue);
    await this.ask(() => this.temporal.update(() => options));
  }

  /** Deletes the schedule; jobs that run go on. */
  async delete(): Promise<void> {
    await this.ask(() => this.temporal.delete());
  }

  private ask<T>(question: () => Promise<T>): Promise<T> {
    return askSchedule(this.scheduleId, question);
  }
}

function runIdOf({ action }: ScheduleExecutionResult): string {
  return action.workflow.firstExecutionRunId;
}
