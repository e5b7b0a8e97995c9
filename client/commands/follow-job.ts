import { isTerminal, ModelJobError, type JobSnapshot } from '../../planner/index.js';
import type { CliIo } from '../io.js';
import type { JobHandle } from '../job-handle.js';
import { createProgressView, type ProgressView } from '../progress/progress-view.js';

/**
 * Shows a job's progress on stderr until it has ended, and gives its last snapshot.
 *
 * @throws ModelJobError as `JobHandle.watch`
 */
export async function followJob(io: CliIo, handle: JobHandle): Promise<JobSnapshot> {
  const view = createProgressView(io);
  try {
    return await untilEnd(handle, view);
  } finally {
    view.stop();
  }
}

/**
 * As `followJob`, but Ctrl-C cancels the job and waits for its end; a second one leaves it.
 *
 * @throws ModelJobError `Cancelled` for a job that was left
 */
export async function followOwnJob(io: CliIo, handle: JobHandle): Promise<JobSnapshot> {
  const view = createProgressView(io);
  const leave = new AbortController();
  const forget = io.onSignals(['SIGINT'], cancelThenLeave(handle, view, leave));
  try {
    return await untilEnd(handle, view, leave.signal);
  } finally {
    view.stop();
    forget();
  }
}

function cancelThenLeave(handle: JobHandle, view: ProgressView, leave: AbortController): () => void {
  let interrupted = false;
  return () => {
    if (interrupted) {
      leave.abort();
      return;
    }
    interrupted = true;
    view.note(`cancelling ${handle.jobId} and waiting for its end; Ctrl-C again leaves it`);
    handle.cancel('interrupted').catch((error: unknown) => view.note(String(error)));
  };
}

async function untilEnd(handle: JobHandle, view: ProgressView, left?: AbortSignal): Promise<JobSnapshot> {
  for await (const update of handle.watch(left ? { signal: left } : {})) {
    if (isTerminal(update.snapshot.status)) return update.snapshot;
    view.update(update);
  }
  const message = `left job ${handle.jobId}, which is being cancelled`;
  throw new ModelJobError('Cancelled', message, { message });
}
