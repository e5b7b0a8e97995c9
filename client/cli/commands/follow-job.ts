import { isTerminal, ModelJobError, type JobSnapshot } from '../../../planner/index.js';
import type { CliIo } from '../io.js';
import type { JobHandle } from '../../jobs/job-handle.js';
import type { ProgressView } from '../progress/progress-view.js';
import { createProgressView } from '../progress/create-progress-view.js';

/**
 * Shows a job's progress on stderr until it has ended, and gives its last snapshot. Ctrl-C leaves the job as it is.
 *
 * @throws ModelJobError `Cancelled` for a job that was left, else as `JobHandle.watch`
 */
export async function followJob(io: CliIo, handle: JobHandle): Promise<JobSnapshot> {
  return follow(io, handle, (_view, leave) => leave(`left job ${handle.jobId}, which goes on`));
}

/**
 * As `followJob`, but Ctrl-C cancels the job and waits for its end; a second one leaves it.
 *
 * @throws ModelJobError as `followJob`
 */
export async function followOwnJob(io: CliIo, handle: JobHandle): Promise<JobSnapshot> {
  let interrupted = false;
  return follow(io, handle, (view, leave) => {
    if (interrupted) {
      leave(`left job ${handle.jobId}, which is being cancelled`);
      return;
    }
    interrupted = true;
    view.note(`cancelling ${handle.jobId} and waiting for its end; Ctrl-C again leaves it`);
    handle.cancel('interrupted').catch((error: unknown) => view.note(String(error)));
  });
}

type OnInterrupt = (view: ProgressView, leave: (message: string) => void) => void;

async function follow(io: CliIo, handle: JobHandle, onInterrupt: OnInterrupt): Promise<JobSnapshot> {
  const view = createProgressView(io);
  const leaving = new AbortController();
  const leave = (message: string): void => leaving.abort(new ModelJobError('Cancelled', message, { message }));
  const forget = io.onSignals(['SIGINT'], () => onInterrupt(view, leave));
  try {
    for await (const update of handle.watch({ signal: leaving.signal })) {
      if (isTerminal(update.snapshot.status)) return update.snapshot;
      view.update(update);
    }
    throw leaving.signal.reason;
  } finally {
    view.stop();
    forget();
  }
}
