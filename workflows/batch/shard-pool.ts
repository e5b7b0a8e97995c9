import { CancellationScope } from '@temporalio/workflow';
import type { RowCounts, ShardFacts, ShardStart } from '../../planner/index.js';
import { isHistoryLong, type Batch } from './batch.js';
import { reachedBy } from './reached-by.js';

/** What there is to run, and what becomes of it. */
export interface ShardWork {
  take(): ShardStart | undefined;
  run(start: ShardStart): Promise<ShardFacts>;
  /** May throw: then the batch ends with that error. */
  finish(start: ShardStart, facts: ShardFacts): void;
  putBack(start: ShardStart, reached: RowCounts): void;
}

/**
 * Runs shards, as many at once as the operators want; while the batch is paused, none. Shards that run when the batch
 * is paused or ends are stopped and put back. Resolves when nothing runs any more, and either there is no more work or
 * the history is long enough for one run.
 *
 * @throws the first error, once nothing runs any more
 */
export function runShardPool(batch: Batch, work: ShardWork): Promise<void> {
  return new ShardPool(batch, work).run();
}

class ShardPool {
  private readonly scopes = new Set<CancellationScope>();
  private readonly parent = CancellationScope.current();
  private end: { error: unknown } | undefined;
  private resolve: () => void = () => undefined;

  constructor(
    private readonly batch: Batch,
    private readonly work: ShardWork,
  ) {}

  async run(): Promise<void> {
    const finished = new Promise<void>((resolve) => (this.resolve = resolve));
    this.batch.onSteering = () => this.advance();
    this.parent.cancelRequested.catch((error: unknown) => this.stop(error));
    this.advance();
    await finished;
    this.batch.onSteering = () => undefined;
    if (this.end) throw this.end.error;
  }

  /** Does what the moment asks for: called whenever something has changed. */
  private advance(): void {
    const { batch, scopes } = this;
    if (this.end || batch.paused) scopes.forEach((scope) => scope.cancel());
    else while (scopes.size < batch.concurrency && !isHistoryLong() && this.start()) continue;
    batch.running = scopes.size;
    batch.show();
    if (scopes.size === 0 && (this.end || !batch.paused || isHistoryLong())) this.resolve();
  }

  private start(): boolean {
    const shard = this.work.take();
    if (shard) void this.runOne(shard);
    return shard !== undefined;
  }

  private async runOne(shard: ShardStart): Promise<void> {
    const scope = new CancellationScope({ cancellable: true, parent: this.parent });
    this.scopes.add(scope);
    try {
      const facts = await scope.run(() => this.work.run(shard));
      this.scopes.delete(scope);
      this.book(shard, facts);
    } catch (error) {
      this.scopes.delete(scope);
      this.work.putBack(shard, reachedBy(error));
      if (!scope.consideredCancelled) this.stop(error);
    }
    this.advance();
  }

  private book(shard: ShardStart, facts: ShardFacts): void {
    try {
      this.work.finish(shard, facts);
    } catch (error) {
      this.stop(error);
    }
  }

  private stop(error: unknown): void {
    this.end ??= { error };
    this.batch.step = 'stopping';
    this.advance();
  }
}
