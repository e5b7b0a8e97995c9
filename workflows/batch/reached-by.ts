import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';
import { readHeartbeat, type RowCounts } from '../../planner/index.js';

const none: RowCounts = { succeeded: 0, failed: 0 };

/**
 * How far a shard had come when it was stopped: a cancelled or failed activity says it in its details, one that was
 * lost in its last heartbeat. Rows that nobody tells of are counted by the attempt that does the shard again.
 */
export function reachedBy(error: unknown): RowCounts {
  if (!(error instanceof ActivityFailure)) return none;
  return readHeartbeat(detailsOf(error.cause))?.counts ?? none;
}

function detailsOf(cause: Error | undefined): unknown {
  if (cause instanceof TimeoutFailure) return cause.lastHeartbeatDetails;
  if (cause instanceof CancelledFailure) return cause.details[0];
  return cause instanceof ApplicationFailure ? cause.details?.[1] : undefined;
}
