import type { Context } from '@temporalio/activity';
import { stepSignal, type JobProgress, type StepReport, type Tries } from '../planner/index.js';

/** The share of its work after which a step tells how far it is. */
const stride = 0.05;

/** The least time between two such reports, in milliseconds: a short step sends none. */
const leastMs = 5000;

/** How long a report may take, in milliseconds: it is worth no more than that. */
const deadlineMs = 2000;

/** Tells the workflow how a step goes, for the Web UI's current details: heartbeats don't reach it. */
export interface StepTeller {
  /** At most twenty times in all attempts together: each report is a signal in the history. */
  progress(progress: JobProgress): void;
  /** An attempt failed, and another one follows. */
  failed(failure: string, tries: Tries, delayMs: number): Promise<void>;
}

/** @param before what the attempts before have reached, which they told */
export function createStepTeller(context: Context, before: JobProgress | undefined): StepTeller {
  const { info } = context;
  const step = info.activityType;
  const maxAttempts = info.retryPolicy?.maximumAttempts;
  const common = { step, ...(maxAttempts ? { maxAttempts } : {}) };
  let told = { at: Date.now(), share: before ? shareOf(before) : 0 };
  const send = (report: StepReport): Promise<void> => signal(context, report);
  return {
    progress(progress) {
      const now = { at: Date.now(), share: shareOf(progress) };
      if (now.at - told.at < leastMs || now.share - told.share < stride) return;
      told = now;
      void send({ ...common, attempt: info.attempt, progress });
    },
    failed: (failure, { told }, delayMs) =>
      send({
        ...common,
        attempt: info.attempt + 1,
        failure: failure.slice(0, 1000),
        nextAt: new Date(Date.now() + delayMs).toISOString(),
        ...(told ? { givesUpAt: new Date(told.until).toISOString() } : {}),
      }),
  };
}

/** Nothing depends on a report: one that does not arrive is left out. */
async function signal(context: Context, report: StepReport): Promise<void> {
  const { workflowId, runId } = context.info.workflowExecution ?? {};
  if (workflowId === undefined) return;
  try {
    const { client } = context;
    const handle = client.workflow.getHandle(workflowId, runId);
    await client.withDeadline(Date.now() + deadlineMs, () => handle.signal(stepSignal, report));
  } catch {
    // The job has ended, the server is away, or there is no client: the heartbeats tell the same.
  }
}

function shareOf({ completed, total }: JobProgress): number {
  return total == null ? 0 : completed / total;
}
