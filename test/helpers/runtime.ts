import type {
  LoadedModel,
  LoadRequest,
  ModelOutput,
  ModelRuntime,
  RunOptions,
} from '../../engine/models/contract/model-runtime.js';
import type { JsonValue, ModelTask } from '../../planner/index.js';

/** What a worker would ask a runtime to load that needs no files. */
export function loadRequest(task: ModelTask, overrides: Partial<LoadRequest> = {}): LoadRequest {
  return {
    spec: {
      name: 'test',
      task,
      source: { kind: 'local_path', path: '/nowhere' },
      files: [],
      metadata: {},
      repo_id: '',
      revision: '',
    },
    backend: 'test',
    bundle: undefined,
    options: {},
    threads: 1,
    settings: { roots: [], commands: [], programs: {} },
    signal: new AbortController().signal,
    log: () => undefined,
    ...overrides,
  };
}

export function runOptions(overrides: Partial<RunOptions> = {}): RunOptions {
  return {
    parameters: {},
    folder: '',
    addFile: () => undefined,
    signal: new AbortController().signal,
    ...overrides,
  };
}

/** Loads a model, runs one batch and releases it. */
export async function runOnce(
  runtime: ModelRuntime,
  task: ModelTask,
  inputs: readonly JsonValue[],
  parameters: RunOptions['parameters'] = {},
): Promise<ModelOutput[]> {
  const model: LoadedModel = await runtime.load(loadRequest(task));
  try {
    return await model.run(inputs, runOptions({ parameters }));
  } finally {
    await model.dispose();
  }
}
