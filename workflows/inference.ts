import {
  backendName,
  deviceDiagnostics,
  truncationDiagnostics,
  type ModelAccessJobRequest,
  type ModelAccessJobResult,
} from '../planner/index.js';
import { modelOutcome } from './outcomes.js';
import { runActivity } from './proxies.js';
import { runJob } from './run-job.js';

/** Runs the inputs through the runtime. */
export function modelInference(input: ModelAccessJobRequest): Promise<ModelAccessJobResult> {
  return runJob('Inference', input, async (job, request) => {
    job.log(`running model inference \`${request.spec.name}\``);
    const facts = await runActivity('runInference', `run ${request.spec.name}`, request);
    const { artifact, files = [], fallback, deviceWarning, provenance, ...output } = facts;
    const { truncated, outputs } = output;
    const artifacts = [artifact, ...files];
    artifacts.forEach((one) => job.artifact(one));
    const diagnostics = [
      ...deviceDiagnostics(deviceWarning),
      ...truncationDiagnostics(truncated, outputs?.length ?? output.inputCount),
    ];
    const backend = fallback?.used ?? backendName(request.backend);
    return modelOutcome({ artifacts, output: { ...output, backend }, diagnostics, provenance }, fallback);
  });
}
