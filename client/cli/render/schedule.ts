import { backendName, type Calendar } from '../../../planner/index.js';
import type { ScheduledJob, ScheduleState, ScheduleSummary } from '../../schedules/index.js';
import { clip, indent, oneLine, table } from './text.js';

/** How many of the next times a text shows. */
const maxNext = 3;

/** Schedules as a table. */
export function renderSchedules(schedules: readonly ScheduleSummary[]): string {
  if (schedules.length === 0) return 'no schedules';
  const rows = schedules.map(({ scheduleId, kind, paused, times, nextTime, lastJobId }) => [
    scheduleId,
    kind,
    paused ? 'paused' : 'active',
    clip(renderTimes(times), 40),
    nextTime && !paused ? shortTime(nextTime) : '-',
    lastJobId ?? '-',
  ]);
  return table([['SCHEDULE', 'KIND', 'STATE', 'TIMES', 'NEXT (UTC)', 'LAST JOB'], ...rows]);
}

/** A schedule for people. */
export function renderSchedule(state: ScheduleState): string {
  const { schedule, counts, running } = state;
  const { request, paused, note } = schedule;
  const rows = [
    ['job', `${request.kind} of ${request.spec.name} on ${backendName(request.backend)}`],
    ['times', renderTimes(schedule)],
    ['time zone', schedule.timeZone],
    ['policies', renderPolicies(schedule)],
    ...(note ? [['note', clip(oneLine(note), 120)]] : []),
    ['next (UTC)', renderNext(state)],
    ['jobs', renderCounts(counts)],
    ...running.map((jobId) => ['running', jobId]),
  ];
  const lines = [`${state.scheduleId}  ${paused ? 'paused' : 'active'}`, indent(table(rows))];
  return [...lines, ...renderRecent(state.recent).map(indent)].join('\n');
}

/** When a schedule runs, as cron expressions and intervals. */
export function renderTimes({ calendars, every, skip }: ScheduleSummary['times']): string {
  const times = [...calendars.map(cronText), ...every.map((interval) => `every ${interval}`)];
  return [times.join('; '), ...skip.map((calendar) => `without ${cronText(calendar)}`)].join(' ');
}

function renderPolicies({
  overlap,
  catchupWindow,
  jitter,
  pauseOnFailure,
  remainingRuns,
}: ScheduleState['schedule']): string {
  return [
    `overlap ${overlap}`,
    `catch-up ${catchupWindow}`,
    ...(jitter === '0s' ? [] : [`jitter ${jitter}`]),
    ...(pauseOnFailure ? ['pauses on failure'] : []),
    ...(remainingRuns == null ? [] : [`${remainingRuns} runs left`]),
  ].join(', ');
}

function renderNext({ nextTimes, schedule }: ScheduleState): string {
  const times = nextTimes.slice(0, maxNext).map(shortTime).join(', ') || 'never';
  return schedule.paused ? `${times}, once unpaused` : times;
}

function renderCounts({ started, skippedOverlap, missedCatchup }: ScheduleState['counts']): string {
  return `${started} started, ${skippedOverlap} skipped for overlap, ${missedCatchup} missed`;
}

function renderRecent(jobs: readonly ScheduledJob[]): string[] {
  if (jobs.length === 0) return [];
  return [
    'recent jobs',
    indent(table(jobs.map(({ jobId, status, startedAt }) => [jobId, status, shortTime(startedAt)]))),
  ];
}

/** A calendar as a cron expression of 5 to 7 fields. */
function cronText({ second, minute, hour, dayOfMonth, month, dayOfWeek, year }: Calendar): string {
  const fields = [minute ?? 0, hour ?? 0, dayOfMonth ?? '*', month ?? '*', dayOfWeek ?? '*'];
  if (second != null) return [second, ...fields, year ?? '*'].join(' ');
  return [...fields, ...(year == null ? [] : [year])].join(' ');
}

function shortTime(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}
