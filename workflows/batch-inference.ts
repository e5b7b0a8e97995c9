import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import {
  ModelJobError,
  type BatchFacts,
  type JobEvent,
  type ModelAccessJobRequest,
  type ModelAccessJobResult,
  type ShardPlan,
} from '../planner/index.js';
import type { Job } from './job.js';
import { runActivity } from './proxies.js';
import { runJob } from './run-job.js';
import { slideWindow } from './window.js';

/** History events after which a run hands over to the next; Temporal warns at 10,240. */
const maxHistoryEvents = 4000;

/** How often shards that vanished (a host is gone, a folder was emptied) are run again. */
const maxRepairs = 3;

/** What a run of a batch hands over to the next one. */
export interface BatchState {
  plan: ShardPlan;
  /** The first shard that no run has started. */
  next: number;
  succeeded: number;
  failed: number;
  events: JobEvent[];
}

/**
 * Runs a data set of any size through the runtime, shard by shard.
 *
 * @param earlier what the run before handed over, where the job continues as new
 */
export function modelBatchInference(input: ModelAccessJobRequest, earlier?: BatchState): Promise<ModelAccessJobResult> {
  return runJob(
    'BatchInference',
    input,
    async (job, request) => {
      if (!earlier) job.log(`running batch model inference \`${request.spec.name}\``);
      const state = earlier ?? (await planBatch(job, request));
      const slim = { ...request, inputs: [] };
      if (!(await runShards(job, slim, state))) {
        return continueAsNew<typeof modelBatchInference>(input, { ...state, events: job.events });
      }
      const facts = await assemble(job, slim, state.plan);
      facts.artifacts.forEach((artifact) => job.artifact(artifact));
      const { succeeded, failed } = facts;
      job.progress(rowsDone(state.plan, state.plan.rows, 'batch inputs accepted'));
      return {
        artifacts: facts.artifacts,
        output: { inputCount: state.plan.rows, succeeded, failed, shards: state.plan.shards },
      };
    },
    earlier?.events,
  );
}

async function planBatch(job: Job, request: ModelAccessJobRequest): Promise<BatchState> {
  const runKey = workflowInfo().firstExecutionRunId;
  const plan = await runActivity('planShards', 'cut the data set into shards', { request, runKey });
  job.progress(rowsDone(plan, 0, 'running batch inputs'));
  return { plan, next: 0, succeeded: 0, failed: 0, events: [] };
}

/** Runs the shards that are left, a few at a time. Returns false when the history is long enough for one run. */
async function runShards(job: Job, request: ModelAccessJobRequest, state: BatchState): Promise<boolean> {
  const { plan } = state;
  const take = (): number | undefined => (state.next < plan.shards && !isHistoryLong() ? state.next++ : undefined);
  await slideWindow(request.options?.batch?.concurrency ?? 4, take, async (shard) => {
    const facts = await runShard(request, plan, shard);
    state.succeeded += facts.succeeded;
    state.failed += facts.failed;
    job.advance(rowsDone(plan, state.succeeded + state.failed, `shard ${state.next} of ${plan.shards}`));
  });
  return state.next >= plan.shards;
}

async function assemble(job: Job, request: ModelAccessJobRequest, plan: ShardPlan): Promise<BatchFacts> {
  for (let repairs = 0; repairs <= maxRepairs; repairs++) {
    const facts = await runActivity('assembleBatch', 'put the shards together', { request, plan });
    const missing = facts.missingShards;
    if (missing.length === 0) return facts;
    job.log(`running ${missing.length} shards again whose output is gone`);
    await slideWindow(
      request.options?.batch?.concurrency ?? 4,
      () => missing.shift(),
      (shard) => runShard(request, plan, shard),
    );
  }
  throw new ModelJobError('StateUnavailable', `the outputs of shards keep vanishing from \`${plan.folder}\``);
}

function runShard(request: ModelAccessJobRequest, plan: ShardPlan, shard: number) {
  return runActivity('runShard', `shard ${shard + 1} of ${plan.shards}`, { request, plan, shard });
}

function isHistoryLong(): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > maxHistoryEvents;
}

function rowsDone(plan: ShardPlan, completed: number, message: string) {
  return { completed, total: Math.max(plan.rows, 1), unit: 'inputs', message };
}
