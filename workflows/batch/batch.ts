import { workflowInfo } from '@temporalio/workflow';
import {
  batchMemo,
  BatchLedger,
  batchMessage,
  batchMetadata,
  defaultConcurrency,
  distinct,
  identityMetadata,
  type BatchPhase,
  type BatchStatus,
  type FallbackFacts,
  type JobEvent,
  type LedgerState,
  type ModelAccessJobRequest,
  type ShardFacts,
  type ShardPlan,
  type Version,
} from '../../planner/index.js';
import { describeBatch } from '../details.js';
import type { Job } from '../job.js';

/** What a run of a batch hands over to the next one. */
export interface BatchState extends LedgerState {
  events: JobEvent[];
  paused?: boolean;
  concurrency?: number;
  /** How often shards that vanished were run again. */
  repairs?: number;
  fallback?: FallbackFacts;
  deviceWarning?: string;
  backends?: Version[];
}

/** What a batch is doing, its pauses apart. */
type Step = Exclude<BatchPhase, 'pausing' | 'paused'>;

/** History events after which a run hands over to the next; Temporal warns at 10,240. */
const maxHistoryEvents = 4000;

/** Bytes of history after which a run hands over to the next; Temporal warns at 10 MB. */
const maxHistoryBytes = 4_000_000;

/** A batch at work: its account, what its operators want, and what it shows of itself. */
export class Batch {
  paused: boolean;
  concurrency: number;
  repairs: number;
  /** What stood in for the model in a shard, and why it did first. */
  fallback: FallbackFacts | undefined;
  /** Why a shard was not computed on the device that its worker's operator asked for. */
  deviceWarning: string | undefined;
  /** What has run shards: one, where all workers are alike. */
  backends: Version[];
  step: Step = 'planning';
  /** Shards that run now. */
  running = 0;
  /** Called when the operators want something else than before. */
  onSteering: () => void = () => undefined;
  private currentLedger: BatchLedger | undefined;
  /** Whether the record says that the batch is paused. */
  private recordedPause: boolean;

  constructor(
    readonly job: Job,
    /** Without its inputs: they are in the plan's folder. */
    readonly request: ModelAccessJobRequest,
    earlier?: BatchState,
  ) {
    this.paused = this.recordedPause = earlier?.paused ?? false;
    this.concurrency = earlier?.concurrency ?? request.options?.batch?.concurrency ?? defaultConcurrency;
    this.repairs = earlier?.repairs ?? 0;
    this.fallback = earlier?.fallback;
    this.deviceWarning = earlier?.deviceWarning;
    this.backends = earlier?.backends ?? [];
    this.currentLedger = earlier && new BatchLedger(earlier);
    job.live = {
      metadata: () => ({ ...this.modelMetadata(), ...batchMetadata(this.status()) }),
      lines: () => describeBatch(this.status()),
      memo: () => ({ [batchMemo]: { ...this.status(), phase: 'ended' } }),
    };
  }

  /** Begins the account of a data set that is cut into shards. */
  open(plan: ShardPlan): BatchLedger {
    this.currentLedger = new BatchLedger({ plan, next: 0, succeeded: 0, failed: 0 });
    this.job.progress(this.currentLedger.progress('running batch inputs'));
    return this.currentLedger;
  }

  /** Undefined until the data set is cut into shards. */
  get ledger(): BatchLedger | undefined {
    return this.currentLedger;
  }

  get phase(): BatchPhase {
    if (this.step !== 'running' || !this.paused) return this.step;
    return this.running > 0 ? 'pausing' : 'paused';
  }

  status(): BatchStatus {
    const { phase, paused, concurrency, running, ledger } = this;
    const rate = phase === 'running' ? ledger?.rate(Date.now()) : undefined;
    return {
      phase,
      paused,
      done: ledger?.done ?? 0,
      ...(ledger?.counts ?? { succeeded: 0, failed: 0 }),
      total: ledger?.plan.rows ?? null,
      ...(rate ?? { perSecond: null, secondsLeft: null }),
      concurrency,
      running,
      shards: { done: (ledger?.begun ?? 0) - running, total: ledger?.plan.shards ?? null },
    };
  }

  /** Shows how far the batch is, now that something has changed. */
  show(): void {
    const { ledger, phase } = this;
    if (!ledger) return;
    if ((phase === 'paused' && !this.recordedPause) || (phase === 'running' && this.recordedPause))
      this.recordPause(ledger);
    this.job.advance(ledger.progress(batchMessage(phase, ledger.counts)));
  }

  /** What is left where a client finds it when no worker is there. */
  memo(): Record<string, BatchStatus> {
    return { [batchMemo]: this.status() };
  }

  carry(ledger: BatchLedger): BatchState {
    const { paused, concurrency, repairs, fallback, deviceWarning, backends, job } = this;
    return {
      ...ledger.carry(),
      paused,
      concurrency,
      repairs,
      ...(fallback && { fallback }),
      ...(deviceWarning && { deviceWarning }),
      ...(backends.length > 0 && { backends }),
      events: job.events,
    };
  }

  /** Books what ran a shard, and what stood in for the model there. */
  ranBy({ backend, fallback, deviceWarning }: Pick<ShardFacts, 'backend' | 'fallback' | 'deviceWarning'>): void {
    this.fallback ??= fallback;
    this.deviceWarning ??= deviceWarning;
    if (backend) this.backends = distinct([...this.backends, backend]);
  }

  /** The model of all shards, once it is pinned. */
  private modelMetadata(): Record<string, string> {
    const model = this.ledger?.plan.model;
    return model ? identityMetadata(model) : {};
  }

  /** The memo tells of the pause where no worker runs, and in lists. */
  private recordPause(ledger: BatchLedger): void {
    this.recordedPause = this.paused;
    ledger.restartRate(Date.now());
    this.job.note(`${this.paused ? 'paused' : 'resumed'} at ${ledger.done} of ${ledger.plan.rows} rows`);
    this.job.leave(this.memo());
  }
}

/** Whether a run's history is long enough for it to hand over to the next. */
export function isHistoryLong(): boolean {
  const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > maxHistoryEvents || historySize > maxHistoryBytes;
}
