import { ModelJobError } from '../../../planner/index.js';
import { locateProgram } from '../../policy/locate-program.js';
import { createPathGuard } from '../../workspace/paths.js';
import type { LoadedModel, LoadRequest, ModelOutput, ModelRuntime } from '../../models/contract/model-runtime.js';
import { createFolderClaims } from '../../models/contract/own-folder.js';
import { programBackend } from './backends.js';
import { checkParameters } from '../../commands/template/fill-template.js';
import { modelFilesOf } from '../../commands/template/model-files.js';
import { runInput, type ReadyProgram } from './run-input.js';
import { parseTemplate } from '../../commands/template/template.js';

/** Seconds that a program may take for an input, where the request says nothing. */
const defaultTimeoutSeconds = 3600;

/**
 * Models that a program runs, once for each input, by a command line of the operator's: docs/runtimes.md. The template
 * is permission enough for its program, since it comes from the worker's environment.
 */
export const runtime: ModelRuntime = {
  async load(request) {
    return programModel(await readyProgram(request));
  },
};

/** @throws ModelJobError `MissingDependency` for a backend that is not configured, or whose program is not there */
async function readyProgram(request: LoadRequest): Promise<ReadyProgram> {
  const { backend, bundle, spec, options, settings, threads, log } = request;
  const { setting, example } = programBackend(backend) ?? { setting: 'settings.programs', example: '' };
  const text = settings.programs[backend];
  if (text === undefined) {
    throw new ModelJobError(
      'MissingDependency',
      `backend \`${backend}\` is not configured on this worker; its operator sets ${setting}, such as \`${example}\``,
    );
  }
  const template = parseTemplate(text);
  const program = await locateProgram(template.program);
  if (program === undefined) {
    throw new ModelJobError(
      'MissingDependency',
      `\`${template.program}\`, the program of ${setting}, is not on this worker's PATH, or can't be executed`,
    );
  }
  const files = await modelFilesOf(template, bundle);
  return {
    ...{ backend, task: spec.task, template, program, log },
    paths: createPathGuard(settings.roots, settings.closed),
    values: { threads, model: (path = '') => files.get(path) ?? '', bundle: () => bundle?.filesDirectory ?? '' },
    timeoutSeconds: options.command?.timeoutSeconds ?? defaultTimeoutSeconds,
  };
}

function programModel(ready: ReadyProgram): LoadedModel {
  const claims = createFolderClaims();
  return {
    async run(batch, options) {
      checkParameters(ready.template, options.parameters);
      const outputs: ModelOutput[] = [];
      for (const input of batch) {
        options.signal.throwIfAborted();
        outputs.push(await runInput(ready, input, await claims.claim(options.folder), options));
      }
      return outputs;
    },
    dispose: () => Promise.resolve(),
  };
}
