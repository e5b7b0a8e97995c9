import type { ModelAccessJobRequest, ModelAccessJobResult } from '../planner/index.js';
import { bundleOutcome } from './outcomes.js';
import { runActivity } from './proxies.js';
import { runJob } from './run-job.js';

/** Builds the bundle from what is on the worker's disk; fetches what is missing where the request allows it. */
export function modelMaterializeBundle(input: ModelAccessJobRequest): Promise<ModelAccessJobResult> {
  return runJob('MaterializeBundle', input, async (job, request) => {
    job.log(`materializing model bundle \`${request.spec.name}\``);
    job.progress({ completed: 0, total: 2, unit: 'steps', message: 'starting model materialization' });
    const bundle = await runActivity('materializeBundle', `materialize ${request.spec.name}`, request);
    const outcome = bundleOutcome(job, bundle);
    job.progress({ completed: 2, total: 2, unit: 'steps', message: 'model bundle materialized' });
    return outcome;
  });
}
