import { artifactKindName, type ArtifactRef } from '../request/artifact.js';
import type { JobSpec } from './job-spec.js';
import { validateProgress, type JobProgress } from './progress.js';

/** The crate's `JobStatus`. */
export type JobStatus = 'queued' | 'running' | 'cancelling' | 'succeeded' | 'failed' | 'cancelled';

export interface JobLogEntry {
  timestamp: string;
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
}

/** An artifact as a job's snapshot and events show it (the crate's `JobArtifact`). */
export interface JobArtifact {
  id: string;
  name: string;
  kind: string | null;
  path: string | null;
  uri: string | null;
  content_type: string | null;
  bytes: number | null;
  metadata: Record<string, string>;
}

/** What happened to a job: exactly one key (the crate's `JobEventKind`). */
export type JobEventKind =
  | { StatusChanged: { status: JobStatus; message: string | null } }
  | { Progress: JobProgress }
  | { Log: JobLogEntry }
  | { Artifact: JobArtifact }
  | { Metadata: { key: string; value: string } };

/** One event of a job. `sequence` begins at 1; `timestamp` is RFC 3339. */
export interface JobEvent {
  job_id: string;
  sequence: number;
  timestamp: string;
  kind: JobEventKind;
}

/** A job's state (the crate's `JobSnapshot`, in its snake case). */
export interface JobSnapshot {
  spec: JobSpec;
  status: JobStatus;
  progress: JobProgress | null;
  logs: JobLogEntry[];
  artifacts: JobArtifact[];
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  failure: { message: string } | null;
  metadata: Record<string, string>;
}

/** Whether a job in this status has ended. */
export function isTerminal(status: JobStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

/** An artifact as events show it, from one with a URI (the crate's `from_artifact_ref`). */
export function jobArtifactOf(artifact: ArtifactRef): JobArtifact {
  return {
    id: artifact.id,
    name: artifact.id,
    kind: artifactKindName(artifact.kind),
    path: null,
    uri: artifact.uri,
    content_type: artifact.mediaType,
    bytes: artifact.sizeBytes ?? null,
    metadata: artifact.metadata,
  };
}

/** A job's state after its events: the one place where events become state. */
export function snapshotOf(spec: JobSpec, events: readonly JobEvent[]): JobSnapshot {
  const snapshot: JobSnapshot = {
    spec,
    status: 'queued',
    progress: null,
    logs: [],
    artifacts: [],
    created_at: events[0]?.timestamp ?? '',
    started_at: null,
    finished_at: null,
    failure: null,
    metadata: { ...spec.metadata },
  };
  for (const event of events) apply(snapshot, event);
  return snapshot;
}

function apply(snapshot: JobSnapshot, { kind, timestamp }: JobEvent): void {
  if ('StatusChanged' in kind) applyStatus(snapshot, kind.StatusChanged, timestamp);
  else if ('Progress' in kind) {
    validateProgress(kind.Progress);
    snapshot.progress = kind.Progress;
  } else if ('Log' in kind) snapshot.logs.push(kind.Log);
  else if ('Artifact' in kind) snapshot.artifacts.push(kind.Artifact);
  else snapshot.metadata[kind.Metadata.key] = kind.Metadata.value;
}

function applyStatus(snapshot: JobSnapshot, change: { status: JobStatus; message: string | null }, at: string): void {
  snapshot.status = change.status;
  if (change.status === 'running') snapshot.started_at ??= at;
  if (isTerminal(change.status)) snapshot.finished_at ??= at;
  if (change.status === 'failed') snapshot.failure = { message: change.message ?? 'job failed' };
}
