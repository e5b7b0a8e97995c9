import type { ModelAccessJobRequest, WarmupFacts } from '../../planner/index.js';
import { sha256OfText } from '../../system/hashing/sha256-of-text.js';
import { inputVersions } from '../workspace/input-versions.js';
import { sampleFolder } from '../workspace/layout.js';
import { openRunFolder } from '../workspace/run-folder.js';
import type { JobWork } from '../workspace/work.js';
import type { InferenceDeps } from './deps.js';
import { inferenceProvenance } from './inference-provenance.js';
import { runInputs } from './run-inputs.js';
import { sampleFor } from './sample.js';
import { timed } from './timed.js';
import { modelFacts, useModel } from './use-model.js';

/**
 * Loads a request's model into all of its processes and runs one small input twice; the model stays loaded.
 *
 * @throws ModelJobError as {@link useModel}
 */
export function warmModel(deps: InferenceDeps, request: ModelAccessJobRequest, work: JobWork): Promise<WarmupFacts> {
  const step = (completed: number, message: string): void =>
    work.report({ completed, total: 3, unit: 'steps', message });
  step(0, `loading ${request.spec.name}`);
  return useModel(deps, request, work, async (use) => {
    const folder = await openRunFolder(deps.home, work);
    const sample = await sampleFor(request, deps.paths, sampleFolder(deps.home));
    const run = () => timed(() => runInputs(use, { request, inputs: [sample], folder }, work));
    step(1, 'first run');
    const first = await run();
    step(2, 'second run');
    const second = await run();
    await use.pool.warm();
    step(3, 'warm');
    const { loadMs, alreadyLoaded, bundleDigest, pool } = use;
    const inputs = await inputVersions(request.inputs, deps.paths, { hashed: false, signal: work.signal });
    return {
      loadMs,
      firstRunMs: first.ms,
      secondRunMs: second.ms,
      alreadyLoaded,
      sample,
      bundleDigest,
      outputDigest: sha256OfText(second.value.outputs[0] ?? ''),
      processes: pool.processes,
      memoryBytes: pool.memoryBytes,
      ...modelFacts(use),
      ...use.pool.device,
      provenance: await inferenceProvenance(deps, { request, use, inputs }, work.signal),
    };
  });
}
