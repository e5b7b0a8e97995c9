import type { JobProgress, JobSnapshot } from '../planner/index.js';

/** A job's state as Markdown for the Web UI's current details. */
export function describeJob(snapshot: JobSnapshot, historyLength: number): string {
  const lines = [`**${snapshot.status}**${snapshot.failure ? `: ${snapshot.failure.message}` : ''}`];
  if (snapshot.progress) lines.push(describeProgress(snapshot.progress));
  const log = snapshot.logs.at(-1);
  if (log) lines.push(log.message);
  for (const artifact of snapshot.artifacts.slice(0, 10)) {
    lines.push(`- ${artifact.name}: \`${artifact.path ?? artifact.uri ?? artifact.id}\``);
  }
  lines.push(`history: ${historyLength} events`);
  return lines.join('\n\n');
}

function describeProgress({ completed, total, unit, message }: JobProgress): string {
  const share =
    total == null ? `${completed} ${unit}` : `${completed} of ${total} ${unit} (${percent(completed, total)} %)`;
  return message == null ? share : `${share}, ${message}`;
}

function percent(completed: number, total: number): number {
  return Math.floor((completed / total) * 100);
}
