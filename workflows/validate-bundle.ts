import {
  judgeValidation,
  type BundleProblem,
  type ModelAccessJobRequest,
  type ModelAccessJobResult,
} from '../planner/index.js';
import { pathArtifact } from './job.js';
import { runActivity } from './proxies.js';
import { runJob } from './run-job.js';

/** Checks that local inputs exist and that the bundle matches its manifest in size and SHA-256. */
export function modelValidateBundle(input: ModelAccessJobRequest): Promise<ModelAccessJobResult> {
  return runJob('ValidateBundle', input, async (job, request) => {
    job.log(`validating model access for \`${request.spec.name}\``);
    const facts = await runActivity('validateBundle', `validate ${request.spec.name}`, request);
    for (const { index, path } of localInputs(request)) {
      job.artifact(pathArtifact(`input-${index}`, 'Validated model input', path));
    }
    judgeValidation(facts);
    const { valid, files, bytes, problems, repaired, problemList, inputArtifacts, manifestArtifact, model } = facts;
    const { provenance } = facts;
    return {
      artifacts: manifestArtifact ? [...inputArtifacts, manifestArtifact] : inputArtifacts,
      output: {
        valid,
        files,
        bytes,
        problems: plain(problems),
        ...(repaired ? { repaired: plain(repaired) } : {}),
        ...(problemList ? { problemList } : {}),
        ...(model ? { model } : {}),
      },
      provenance,
    };
  });
}

/** Problems as plain JSON objects. */
function plain(problems: readonly BundleProblem[]): { [key: string]: string | number | null }[] {
  return problems.map((problem) => ({ ...problem }));
}

function localInputs({ inputs }: ModelAccessJobRequest): { index: number; path: string }[] {
  return inputs.flatMap((input, index) => (input.kind === 'localPath' ? [{ index, path: input.value }] : []));
}
