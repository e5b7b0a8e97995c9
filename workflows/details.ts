import {
  pinnedModel,
  type BatchStatus,
  type JobProgress,
  type JobSnapshot,
  type StepReport,
} from '../planner/index.js';

/**
 * A job's state as Markdown for the Web UI's current details.
 *
 * @param live what a job of this kind tells beside its progress
 */
export function describeJob(snapshot: JobSnapshot, historyLength: number, live: readonly string[] = []): string {
  const lines = [`**${snapshot.status}**${snapshot.failure ? `: ${snapshot.failure.message}` : ''}`];
  if (snapshot.progress) lines.push(describeProgress(snapshot.progress));
  const model = pinnedModel(snapshot.metadata);
  if (model !== undefined) lines.push(`model: \`${model}\``);
  lines.push(...live);
  const log = snapshot.logs.at(-1);
  if (log) lines.push(log.message);
  for (const artifact of snapshot.artifacts.slice(0, 10)) {
    lines.push(`- ${artifact.name}: \`${artifact.path ?? artifact.uri ?? artifact.id}\``);
  }
  lines.push(`history: ${historyLength} events`);
  return lines.join('\n\n');
}

/** What the current details of a batch tell beside its progress: speed, time left, shards. */
export function describeBatch({ perSecond, secondsLeft, concurrency, running, shards }: BatchStatus): string[] {
  const speed = perSecond === null ? [] : [`${perSecond} rows a second`];
  const left = secondsLeft === null ? [] : [`about ${describeSeconds(secondsLeft)} left`];
  const parts = `${shards.done} of ${shards.total ?? 'unknown'} shards, ${running} running, at most ${concurrency} at once`;
  return [[...speed, ...left, parts].join(', ')];
}

/** What the current details tell of the step that runs: how far it is, or when and why it is tried again. */
export function describeStep({
  step,
  progress,
  attempt,
  maxAttempts,
  failure,
  nextAt,
  givesUpAt,
}: StepReport): string[] {
  const most = maxAttempts === undefined ? '' : ` of at most ${maxAttempts}`;
  const next = nextAt === undefined ? [] : [`the next, ${attempt}${most}, begins at ${nextAt}`];
  const end = givesUpAt === undefined ? [] : [`given up at ${givesUpAt} if nothing new comes`];
  const retry =
    failure === undefined ? [] : [[`attempt ${attempt - 1} failed: ${failure}`, ...next, ...end].join('; ')];
  return [...(progress ? [describeProgress(progress)] : []), ...retry].map((line) => `\`${step}\`: ${line}`);
}

function describeProgress({ completed, total, unit, message }: JobProgress): string {
  const share =
    total == null ? `${completed} ${unit}` : `${completed} of ${total} ${unit} (${percent(completed, total)} %)`;
  return message == null ? share : `${share}, ${message}`;
}

function describeSeconds(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function percent(completed: number, total: number): number {
  return Math.floor((completed / total) * 100);
}
