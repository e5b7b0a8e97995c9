import {
  isTerminal,
  pinnedModel,
  readBatchMetadata,
  retryOf,
  type JobArtifact,
  type JobSnapshot,
} from '../../../planner/index.js';
import { describeProgress } from './progress.js';
import { formatBytes, formatDuration } from './quantity.js';
import { retryText } from './retry.js';
import { clip, indent, oneLine, table } from './text.js';

/** How many artifacts a text lists. */
const maxArtifacts = 20;

/** A job's state for people. */
export function renderStatus(snapshot: JobSnapshot, options: { now: number; url?: string | undefined }): string {
  const log = snapshot.logs.at(-1);
  const retry = retryOf(snapshot.metadata);
  const rows = [
    ['kind', snapshot.spec.kind],
    ...modelRows(snapshot),
    ['created', snapshot.created_at],
    ...(snapshot.progress && !isTerminal(snapshot.status) ? [['progress', progressText(snapshot)]] : []),
    ...(retry ? [['retry', retryText(retry, options.now)]] : []),
    ...(snapshot.failure ? [['failure', snapshot.failure.message]] : []),
    ...(log ? [['log', log.message]] : []),
    ...(options.url ? [['web', options.url]] : []),
  ];
  const artifacts = renderArtifacts(snapshot.artifacts);
  return [statusLine(snapshot, options.now), indent(table(rows)), ...artifacts.map(indent)].join('\n');
}

/** A job's id, status and time: `model-warmup-demo_model-main  succeeded in 1.2 s`. */
export function statusLine(snapshot: JobSnapshot, now: number): string {
  const { spec, status, created_at, started_at, finished_at } = snapshot;
  const start = Date.parse(started_at ?? created_at);
  const time = formatDuration(Math.max((finished_at ? Date.parse(finished_at) : now) - start, 0));
  const ended = isTerminal(status) ? (status === 'succeeded' ? 'in' : 'after') : 'for';
  return `${spec.id}  ${stateText(snapshot)} ${ended} ${time}`;
}

/** The crate's statuses know no pause: a batch that is paused is running. */
function stateText({ status, metadata }: JobSnapshot): string {
  const phase = readBatchMetadata(metadata)?.phase;
  return status === 'running' && (phase === 'paused' || phase === 'pausing') ? `running (${phase})` : status;
}

/** The artifacts as lines, the title first; none for no artifacts. */
export function renderArtifacts(artifacts: readonly JobArtifact[]): string[] {
  if (artifacts.length === 0) return [];
  const rows = artifacts
    .slice(0, maxArtifacts)
    .map((artifact) => [
      artifact.id,
      artifact.bytes == null ? '' : formatBytes(artifact.bytes),
      artifact.path ?? artifact.uri ?? '',
    ]);
  const more = artifacts.length > maxArtifacts ? [`… and ${artifacts.length - maxArtifacts} more`] : [];
  return ['artifacts', indent(table(rows)), ...more.map(indent)];
}

/** What was asked for, and what it was pinned to. */
function modelRows({ metadata }: JobSnapshot): string[][] {
  const name = metadata['model.name'];
  if (!name) return [];
  const revision = metadata['model.revision'];
  const pinned = pinnedModel(metadata);
  const model = ['model', revision ? `${name}@${revision}` : name];
  return [model, ...(pinned === undefined ? [] : [['pinned', pinned]])];
}

function progressText({ progress }: JobSnapshot): string {
  if (!progress) return '';
  return [describeProgress(progress), ...(progress.message ? [clip(oneLine(progress.message), 80)] : [])].join(', ');
}
