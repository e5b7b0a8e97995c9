import { ModelJobError, type ModelAccessJobRequest, type ModelAccessJobResult } from '../planner/index.js';
import { runActivityUpTo } from './proxies.js';
import { runJob } from './run-job.js';

/** Runs the caller's command, where the worker's operator allows it. */
export function modelExternalCommand(input: ModelAccessJobRequest): Promise<ModelAccessJobResult> {
  return runJob('ExternalCommand', input, async (job, request) => {
    const command = commandOf(request);
    job.log(`running external model command \`${command}\``);
    const attempts = request.options?.command?.maxAttempts;
    const facts = await runActivityUpTo(attempts, 'runCommand', `run ${command}`, request);
    const { artifacts, provenance, ...output } = facts;
    artifacts.forEach((artifact) => job.artifact(artifact));
    return { artifacts, output, provenance };
  });
}

function commandOf({ spec }: ModelAccessJobRequest): string {
  if (spec.source.kind === 'external_command') return spec.source.command;
  throw new ModelJobError('InvalidArgument', 'external model command jobs require ModelSource::ExternalCommand');
}
