import { ModelJobError } from '../../../planner/index.js';
import { JobFailedError } from '../../connection/errors.js';
import type { Reached } from '../../state/reached.js';
import { describeProgress } from './progress.js';
import { renderArtifacts } from './status.js';
import { indent } from './text.js';

/** An error for people: one line, and one more for each problem. */
export function renderError(error: unknown): string {
  if (!(error instanceof ModelJobError)) {
    return `unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const lines = error.problems.map(({ path, message }) => `  ${path ? `${path}: ` : ''}${message}`);
  return [headline(error), ...lines, ...reachedLines(error)].join('\n');
}

/** How far a batch came that failed or was cancelled. */
function reachedLines(error: ModelJobError): string[] {
  if (!(error instanceof JobFailedError)) return [];
  const { progress, artifacts } = error.details as Partial<Reached>;
  if (!progress || !artifacts) return [];
  const message = progress.message ? `, ${progress.message}` : '';
  return [`  came as far as ${describeProgress(progress)}${message}`, ...renderArtifacts(artifacts).map(indent)];
}

/** An error for programs. */
export function errorJson(error: unknown): { error: Record<string, unknown> } {
  if (!(error instanceof ModelJobError)) {
    return { error: { code: 'Failed', message: error instanceof Error ? error.message : String(error) } };
  }
  const { code, message, detail, problems, details } = error;
  const job = error instanceof JobFailedError ? { jobId: error.jobId, kind: error.kind ?? null } : {};
  return { error: { ...job, code, message, detail, problems, details } };
}

/** Where the problems are listed below, the message need not repeat them. */
function headline(error: ModelJobError): string {
  if (error instanceof JobFailedError) {
    if (error.code === 'Cancelled') return `job ${error.jobId} was cancelled`;
    return `job ${error.jobId} failed: ${error.code === 'Failed' ? error.detail : error.message}`;
  }
  const { message, problems, detail } = error;
  if (problems.length === 0) return message.startsWith('{') ? detail : message;
  const end = message.indexOf(' is not valid: ');
  return end < 0 ? detail : message.slice(0, end + ' is not valid:'.length);
}
