import {
  defineQuery,
  defineSignal,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import {
  eventsMemo,
  isTerminal,
  compareCodePoints,
  jobArtifactOf,
  provenanceMemo,
  provenanceMetadata,
  queryNames,
  readStepReport,
  snapshotOf,
  stepSignal,
  type ArtifactRef,
  type JobArtifact,
  type JobEvent,
  type JobEventKind,
  type JobProgress,
  type JobSnapshot,
  type JobSpec,
  type JobStatus,
  type Provenance,
  type StepReport,
} from '../planner/index.js';
import { describeJob, describeStep } from './details.js';

/** What a kind of job tells of the moment, beside its record: it is gone when the job has ended. */
export interface LiveFacts {
  /** Further metadata of the snapshot. */
  metadata(): Record<string, string>;
  /** Further lines of the Web UI's current details. */
  lines(): string[];
  /** What is left beside the events when the job ends. */
  memo?(): Record<string, unknown>;
}

/** How many remarks a record holds: somebody may go on steering a job for weeks. */
const maxNotes = 200;

/** A running job's record: events in, snapshot out, in the crate's order. */
export class Job {
  readonly events: JobEvent[];
  live: LiveFacts | undefined;
  private provenance: Provenance | undefined;
  private progressNow: JobProgress | null = null;
  /** What the step that runs told last. */
  private step: StepReport | undefined;

  /** @param events of an earlier run of the same job, where it continues as new */
  constructor(
    readonly spec: JobSpec,
    events: readonly JobEvent[] = [],
  ) {
    this.events = [...events];
    setHandler(defineQuery<JobSnapshot>(queryNames.snapshot), () => this.snapshot());
    setHandler(defineQuery<JobEvent[]>(queryNames.events), () => this.events);
    setHandler(defineSignal<[unknown]>(stepSignal), (report) => this.hear(report));
  }

  /** The state after all events, with the progress of this moment. */
  snapshot(): JobSnapshot {
    const snapshot = snapshotOf(this.spec, this.events);
    const live = isTerminal(snapshot.status) ? undefined : this.live?.metadata();
    const metadata = live ? { ...snapshot.metadata, ...live } : snapshot.metadata;
    return { ...snapshot, metadata, progress: this.progressNow ?? snapshot.progress };
  }

  status(status: JobStatus, message: string | null = null, at = new Date()): void {
    this.record({ StatusChanged: { status, message } }, at);
  }

  log(message: string): void {
    this.record({ Log: { timestamp: new Date().toISOString(), level: 'info', message } });
  }

  /** Logs what operators do to the job, as long as the record has room for it. */
  note(message: string): void {
    if (this.events.filter(({ kind }) => 'Log' in kind).length < maxNotes) this.log(message);
  }

  /** By key, as the crate has it. */
  metadata(metadata: Readonly<Record<string, string>>): void {
    const entries = Object.entries(metadata).sort(([left], [right]) => compareCodePoints(left, right));
    for (const [key, value] of entries) this.record({ Metadata: { key, value } });
  }

  /** Tells what the job's artifacts come from. */
  trace(provenance: Provenance): void {
    this.provenance = provenance;
    this.metadata(provenanceMetadata(provenance));
  }

  /** A step that is worth an event of its own. */
  progress(progress: JobProgress): void {
    this.progressNow = null;
    this.step = undefined;
    this.record({ Progress: progress });
  }

  /** Progress between two steps: in the snapshot, but no event, for events stay in the job's memo. */
  advance(progress: JobProgress): void {
    this.progressNow = progress;
    this.step = undefined;
    this.describe();
  }

  private hear(report: unknown): void {
    this.step = readStepReport(report) ?? this.step;
    this.describe();
  }

  artifact(artifact: ArtifactRef | JobArtifact): void {
    this.record({ Artifact: 'mediaType' in artifact ? jobArtifactOf(artifact) : artifact });
  }

  /** Leaves facts where a client finds them when no worker is there. */
  leave(memo: Record<string, unknown>): void {
    upsertMemo(memo);
  }

  /** Leaves the events, and what the job's kind adds, when the job ends. */
  remember(): void {
    const { events, provenance, live } = this;
    upsertMemo({ [eventsMemo]: events, ...(provenance && { [provenanceMemo]: provenance }), ...live?.memo?.() });
  }

  private record(kind: JobEventKind, at = new Date()): void {
    const sequence = this.events.length + 1;
    this.events.push({ job_id: this.spec.id, sequence, timestamp: at.toISOString(), kind });
    this.describe();
  }

  private describe(): void {
    const snapshot = this.snapshot();
    const isOver = isTerminal(snapshot.status);
    const lines = isOver ? [] : [...(this.step ? describeStep(this.step) : []), ...(this.live?.lines() ?? [])];
    setCurrentDetails(describeJob(snapshot, workflowInfo().historyLength, lines));
  }
}

/** The crate's artifact of something on disk that a job has seen or made. */
export function pathArtifact(id: string, name: string, path: string, kind: string | null = null): JobArtifact {
  return { id, name, kind, path, uri: null, content_type: null, bytes: null, metadata: {} };
}
