import { ContinueAsNew, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { JobOutcome, ModelAccessJobRequest, ModelAccessJobResult } from '../planner/index.js';
import { assemble } from './batch/assemble.js';
import { Batch, type BatchState } from './batch/batch.js';
import { endEarly } from './batch/end-early.js';
import { runShards } from './batch/run-shards.js';
import { acceptSteering, steeringAnswered } from './batch/steering.js';
import { runActivity } from './proxies.js';
import { runJob } from './run-job.js';

/**
 * Runs a data set of any size through the runtime, shard by shard, while its operators may pause it, resume it and
 * change how many shards run at once.
 *
 * @param earlier what the run before handed over, where the job continues as new
 */
export function modelBatchInference(input: ModelAccessJobRequest, earlier?: BatchState): Promise<ModelAccessJobResult> {
  return runJob(
    'BatchInference',
    input,
    async (job, request) => {
      if (!earlier) job.log(`running batch model inference \`${request.spec.name}\``);
      const batch = new Batch(job, { ...request, inputs: [] }, earlier);
      acceptSteering(batch);
      try {
        return await runBatch(batch, input, request);
      } catch (error) {
        throw error instanceof ContinueAsNew ? error : await endEarly(batch, error);
      } finally {
        await steeringAnswered();
      }
    },
    earlier?.events,
  );
}

async function runBatch(
  batch: Batch,
  input: ModelAccessJobRequest,
  request: ModelAccessJobRequest,
): Promise<JobOutcome> {
  const ledger = batch.ledger ?? batch.open(await planShards(request));
  const outcome = (await runShards(batch, ledger)) ? await assemble(batch, ledger) : undefined;
  if (outcome) return outcome;
  await steeringAnswered();
  // A run does not inherit its predecessor's memo.
  const handOver = makeContinueAsNewFunc<typeof modelBatchInference>(batch.paused ? { memo: batch.memo() } : {});
  return handOver(input, batch.carry(ledger));
}

function planShards(request: ModelAccessJobRequest) {
  const runKey = workflowInfo().firstExecutionRunId;
  return runActivity('planShards', 'cut the data set into shards', { request, runKey });
}
