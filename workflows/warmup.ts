import {
  backendName,
  deviceDiagnostics,
  type ModelAccessJobRequest,
  type ModelAccessJobResult,
} from '../planner/index.js';
import { modelOutcome } from './outcomes.js';
import { runActivity } from './proxies.js';
import { runJob } from './run-job.js';

/** Makes sure that the bundle is there, loads the runtime, runs one tiny input and keeps it loaded. */
export function modelWarmup(input: ModelAccessJobRequest): Promise<ModelAccessJobResult> {
  return runJob('Warmup', input, async (job, request) => {
    const backend = backendName(request.backend);
    job.log(`warming model runtime \`${backend}\``);
    const facts = await runActivity('warmRuntime', `load ${request.spec.name} on ${backend}`, request);
    const { fallback, deviceWarning, provenance, ...output } = facts;
    job.progress({ completed: 1, total: 1, unit: 'steps', message: 'model warmup recorded' });
    const diagnostics = deviceDiagnostics(deviceWarning);
    return modelOutcome({ artifacts: [], output: { warmed: true, ...output }, diagnostics, provenance }, fallback);
  });
}
