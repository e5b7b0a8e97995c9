import { addCounts, countsBeyond, ModelJobError, type RowCounts } from '../../../planner/index.js';
import type { Work } from '../../workspace/work.js';

/** What a shard counts against. */
export interface ShardCountOptions {
  /** Rows of the shard. */
  rows: number;
  /** Rows that the job has counted already: what is reported is beyond them. Default: none. */
  counted?: RowCounts | undefined;
  /** How many rows more may fail, before the job has failed for sure. Default: all. */
  errorsLeft?: number | null | undefined;
  /** What the activity does, for people. */
  message: string;
}

/** The count of a shard's rows that are on disk. */
export interface ShardCount {
  /** The rows counted so far. */
  readonly counts: RowCounts;
  /**
   * Counts rows, and reports them to the job.
   *
   * @throws ModelJobError `ResourceLimit` when more have failed than may
   */
  add(rows: RowCounts): void;
}

/**
 * Begins to count a shard; `add` comes first with what earlier attempts left. Only rows that are on disk are counted:
 * when the shard is stopped, the job knows by the last report where it will go on.
 */
export function createShardCount(
  { rows, counted, errorsLeft, message }: ShardCountOptions,
  { report }: Work,
): ShardCount {
  const known = counted ?? { succeeded: 0, failed: 0 };
  const total = Math.max(rows - known.succeeded - known.failed, 1);
  let counts: RowCounts = { succeeded: 0, failed: 0 };
  return {
    get counts() {
      return counts;
    },
    add(more) {
      counts = addCounts(counts, more);
      const beyond = beyondOf(counts, known);
      report({ completed: beyond.succeeded + beyond.failed, total, unit: 'inputs', message }, beyond);
      const newErrors = counts.failed - known.failed;
      if (errorsLeft == null || newErrors <= errorsLeft) return;
      throw new ModelJobError('ResourceLimit', `${newErrors} rows more have failed, ${errorsLeft} might`);
    },
  };
}

/** Nothing, for rows that the job has counted and that went with the host which had done them. */
function beyondOf(counts: RowCounts, known: RowCounts): RowCounts {
  const done = Math.max(counts.succeeded + counts.failed - known.succeeded - known.failed, 0);
  const failed = Math.min(Math.max(counts.failed - known.failed, 0), done);
  return { ...countsBeyond(counts, known), succeeded: done - failed, failed };
}
