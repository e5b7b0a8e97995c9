import { onTestFinished } from 'vitest';
import { JsonText } from '../../engine/models/contract/json-text.js';
import type { LoadRequest, ModelOutput } from '../../engine/models/contract/model-runtime.js';
import { runtime } from '../../engine/runtimes/onnx/runtime.js';
import { taskDefinition } from '../../engine/models/tasks/index.js';
import { ModelJobError, type JsonValue, type ModelTask } from '../../planner/index.js';
import { testModels, writeModel, type ModelFiles } from '../models/index.js';
import { temporaryFolder } from './activity.js';

type ServedTask = Exclude<keyof typeof testModels, 'custom'>;

/** The request for a model in a folder. */
export function loadRequest(task: ModelTask, folder: string): LoadRequest {
  return {
    spec: {
      name: 'test',
      task,
      source: { kind: 'local_path', path: folder },
      files: [],
      metadata: {},
      repo_id: '',
      revision: '',
    },
    backend: 'onnx',
    bundle: { root: folder, filesDirectory: folder, digest: 'test' },
    options: {},
    threads: 1,
    settings: { roots: [folder], commands: [], programs: {} },
    signal: new AbortController().signal,
    log: () => undefined,
  };
}

/** A task's test model, or these files, loaded by the onnx runtime. It is released with the test. */
export async function onnxModel(task: ServedTask | { custom: string }, files?: ModelFiles) {
  const folder = await temporaryFolder();
  await writeModel(files ?? testModels[typeof task === 'string' ? task : 'custom'](), folder);
  const model = await runtime.load(loadRequest(task, folder));
  onTestFinished(() => model.dispose());
  const run = (
    inputs: readonly JsonValue[],
    parameters: Record<string, JsonValue> = {},
    signal = new AbortController().signal,
  ): Promise<ModelOutput[]> => model.run(inputs, { parameters, folder, addFile: () => undefined, signal });
  /** Runs, and checks each output that is no error by the task's own shape. */
  const outputs = async (inputs: readonly JsonValue[], parameters: Record<string, JsonValue> = {}) =>
    (await run(inputs, parameters)).map((output) =>
      output instanceof ModelJobError ? output : taskDefinition(task).output.parse(plain(output)),
    );
  return { folder, model, run, outputs };
}

/** A vector as it stands in a result. */
function plain(output: Exclude<ModelOutput, ModelJobError>): JsonValue {
  if (output instanceof JsonText) return output.value;
  return output instanceof Float32Array ? Array.from(output) : output;
}
