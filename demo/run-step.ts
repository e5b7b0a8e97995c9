import type { CliIo } from '../client/cli/io.js';
import type { ModelJobsClient } from '../client/job-client.js';
import type { JobHandle } from '../client/jobs/job-handle.js';
import { createProgressView } from '../client/cli/progress/create-progress-view.js';
import { renderPlan } from '../client/cli/render/plan.js';
import { renderResult } from '../client/cli/render/result.js';
import { statusLine } from '../client/cli/render/status.js';
import { isTerminal, planModelAccess, type JobSnapshot, type ModelAccessJobResult } from '../planner/index.js';
import type { DemoStep } from './jobs.js';

/** How a job of the demo ended. */
export interface StepOutcome {
  kind: string;
  status: string;
  asExpected: boolean;
  ms: number;
  note: string;
  result?: ModelAccessJobResult;
}

/** Runs one job: shows its plan, follows it, shows its result. */
export async function runStep(
  io: CliIo,
  client: ModelJobsClient,
  step: DemoStep,
  last: ModelAccessJobResult | undefined,
): Promise<StepOutcome> {
  const request = step.request(last);
  io.stdout.write(`── ${step.title}\n${renderPlan(planModelAccess(request))}\n`);
  const startedAt = Date.now();
  const handle = await client.start(request);
  const snapshot = await follow(io, handle, step.cancelAt);
  const ms = Date.now() - startedAt;
  io.stdout.write(`${statusLine(snapshot, Date.now())}\n`);
  const result = snapshot.status === 'succeeded' ? await handle.result() : undefined;
  const note = noteOf(io, step, snapshot, result);
  const asExpected = snapshot.status === step.expected && note !== undefined;
  io.stdout.write('\n');
  return {
    kind: request.kind,
    status: snapshot.status,
    asExpected,
    ms,
    note: note ?? 'not what it should be',
    ...(result && { result }),
  };
}

async function follow(io: CliIo, handle: JobHandle, cancelAt: number | undefined): Promise<JobSnapshot> {
  const view = createProgressView(io);
  let cancelled = cancelAt === undefined;
  try {
    for await (const update of handle.watch()) {
      if (isTerminal(update.snapshot.status)) return update.snapshot;
      view.update(update);
      if (!cancelled && shareOf(update.snapshot) >= (cancelAt ?? 0)) {
        cancelled = true;
        view.note(`cancelling ${handle.jobId}`);
        await handle.cancel('the demo shows it');
      }
    }
  } finally {
    view.stop();
  }
  throw new Error(`job ${handle.jobId} has no end`);
}

function shareOf({ progress }: JobSnapshot): number {
  return progress?.total && progress.unit === 'bytes' ? progress.completed / progress.total : 0;
}

function noteOf(
  io: CliIo,
  step: DemoStep,
  snapshot: JobSnapshot,
  result: ModelAccessJobResult | undefined,
): string | undefined {
  if (result) {
    io.stdout.write(`${renderResult(result)}\n`);
    return step.check(result);
  }
  if (snapshot.status === 'cancelled' && step.expected === 'cancelled') return 'cancelled half-way, resumable';
  io.stdout.write(`  ${snapshot.failure?.message ?? ''}\n`);
  return undefined;
}
