import { ModelJobError, type RowCounts } from '../../planner/index.js';
import { currentReporter } from '../reporter.js';

/** What a shard counts against. */
export interface ShardCountOptions {
  /** Rows of the shard. */
  rows: number;
  /** Rows that the job has counted already: what is reported is beyond them. */
  counted?: RowCounts | undefined;
  /** How many rows more may fail, before the job has failed for sure. */
  errorsLeft?: number | null | undefined;
  message: string;
}

/** The count of a shard's rows that are on disk, as its job hears it. */
export interface ShardCount {
  /**
   * Counts rows, and reports them.
   *
   * @throws ModelJobError `ResourceLimit` for more errors than the job allows
   */
  add(rows: RowCounts): void;
}

/** Begins to count a shard; call `add` with what earlier attempts left. */
export function createShardCount({ rows, counted = none, errorsLeft, message }: ShardCountOptions): ShardCount {
  const { report } = currentReporter();
  const total = Math.max(rows - counted.succeeded - counted.failed, 1);
  let succeeded = -counted.succeeded;
  let failed = -counted.failed;
  return {
    add(more) {
      succeeded += more.succeeded;
      failed += more.failed;
      // What an attempt had done may be gone, with the host that did it.
      const completed = Math.min(Math.max(succeeded + failed, 0), total);
      report({ completed, total, unit: 'inputs', message }, undefined, split(completed, failed));
      if (errorsLeft == null || failed <= errorsLeft) return;
      throw new ModelJobError('ResourceLimit', `${failed} rows more have failed, ${errorsLeft} might`);
    },
  };
}

const none: RowCounts = { succeeded: 0, failed: 0 };

function split(completed: number, failed: number): RowCounts {
  const bad = Math.min(Math.max(failed, 0), completed);
  return { succeeded: completed - bad, failed: bad };
}
