import type { ModelAccessJobRequest, ModelAccessJobResult } from '../planner/index.js';
import { bundleOutcome } from './outcomes.js';
import { runActivity } from './proxies.js';
import { runJob } from './run-job.js';

/** Fetches the requested files into the hub cache and materializes the bundle, on one worker. */
export function modelDownload(input: ModelAccessJobRequest): Promise<ModelAccessJobResult> {
  return runJob('Download', input, async (job, request) => {
    job.log(`materializing model bundle \`${request.spec.name}\``);
    job.progress({ completed: 0, total: 2, unit: 'steps', message: 'starting model download' });
    const bundle = await runActivity('downloadModel', `fetch ${request.spec.name}`, request);
    job.progress({ completed: 1, total: 2, unit: 'steps', message: 'model files materialized' });
    const outcome = bundleOutcome(job, bundle);
    job.progress({ completed: 2, total: 2, unit: 'steps', message: 'model bundle ready' });
    return outcome;
  });
}
