import { addCounts, countsBeyond, type RowCounts } from '../job/row-counts.js';
import type { ShardFacts, ShardPlan } from '../job/facts.js';
import type { JobProgress } from '../job/progress.js';
import { rateOf, timeLeft, type RateSample } from '../job/rate.js';

/** A shard to run, and what of it is counted already: rows that an attempt had done when it was stopped. */
export interface ShardStart extends RowCounts {
  shard: number;
}

/** A ledger as one run of a batch hands it to the next: small, whatever the number of shards. */
export interface LedgerState extends RowCounts {
  plan: ShardPlan;
  /** The first shard that was never started. */
  next: number;
  /** Shards that were stopped before their end: at most as many as ran at once. */
  putBack?: ShardStart[];
  /** Ends of the last shards, for the rate. */
  samples?: RateSample[];
}

/** How many ends of shards the rate looks back on. */
const ratedShards = 8;

/** A batch's account: which shards are left, and what its rows came to. Each row is counted once. */
export class BatchLedger {
  readonly plan: ShardPlan;
  private readonly state: LedgerState & Required<Pick<LedgerState, 'putBack' | 'samples'>>;

  constructor(state: LedgerState) {
    this.plan = state.plan;
    this.state = { ...state, putBack: [...(state.putBack ?? [])], samples: [...(state.samples ?? [])] };
  }

  get counts(): RowCounts {
    const { succeeded, failed, failedByCode } = this.state;
    return { succeeded, failed, ...(failedByCode ? { failedByCode } : {}) };
  }

  get done(): number {
    return this.state.succeeded + this.state.failed;
  }

  /** Shards that have begun, those that were put back apart. */
  get begun(): number {
    return this.state.next - this.state.putBack.length;
  }

  /** The next shard to run, those that were put back first; undefined when all have begun. */
  take(): ShardStart | undefined {
    const { putBack, plan, next } = this.state;
    const again = putBack.shift();
    if (again || next >= plan.shards) return again;
    this.state.next += 1;
    return { shard: next, succeeded: 0, failed: 0 };
  }

  /** Whether {@link take} has a shard. */
  get hasMore(): boolean {
    return this.state.putBack.length > 0 || this.state.next < this.plan.shards;
  }

  /** Books a shard that is done. */
  finish(start: ShardStart, facts: ShardFacts, at: number): void {
    this.add(countsBeyond(facts, start));
    this.state.samples = [...this.state.samples, { at, completed: this.done }].slice(-ratedShards);
  }

  /** Books what a shard that was stopped had done beyond its start, and keeps it for another time. */
  putBack(start: ShardStart, reached: RowCounts): void {
    this.add(reached);
    this.state.putBack.push({ shard: start.shard, ...addCounts(start, reached) });
  }

  /** Begins to measure the rate anew, after a time in which nothing ran. */
  restartRate(at: number): void {
    this.state.samples = [{ at, completed: this.done }];
  }

  /** Rows a second at the end of the last shards, and seconds left at that rate; null while too little is known. */
  rate(at: number): { perSecond: number | null; secondsLeft: number | null } {
    const perSecond = rateOf(this.state.samples, at);
    if (perSecond === undefined) return { perSecond: null, secondsLeft: null };
    const left = timeLeft(this.progress(), perSecond);
    return { perSecond: Math.round(perSecond), secondsLeft: left === undefined ? null : Math.ceil(left / 1000) };
  }

  progress(message: string | null = null): JobProgress {
    return { completed: Math.min(this.done, this.total), total: this.total, unit: 'inputs', message };
  }

  carry(): LedgerState {
    return { ...this.state };
  }

  /** The crate refuses a total of 0. */
  private get total(): number {
    return Math.max(this.plan.rows, 1);
  }

  private add(counts: RowCounts): void {
    Object.assign(this.state, addCounts(this.state, counts));
  }
}
