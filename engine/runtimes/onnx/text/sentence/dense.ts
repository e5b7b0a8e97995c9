import { access, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { z } from 'zod';
import { ModelJobError } from '../../../../../planner/index.js';
import { readConfig } from '../../read-config.js';
import { readTensors, type Weights } from './safetensors.js';

/** What is done to the vector of a text. */
export type VectorStep = { kind: 'normalize' } | { kind: 'dense'; apply: (vector: Float32Array) => Float32Array };

/** A layer's `config.json`, by Sentence Transformers' `Dense`. */
const denseFile = z.object({
  in_features: z.int().positive(),
  out_features: z.int().positive(),
  bias: z.boolean().default(true),
  activation_function: z.string().default('torch.nn.modules.activation.Tanh'),
  use_residual: z.boolean().default(false),
  module_input_name: z.string().default('sentence_embedding'),
  module_output_name: z.string().nullish(),
});

const activations: Readonly<Record<string, (value: number) => number>> = {
  Identity: (value) => value,
  Tanh: Math.tanh,
  ReLU: (value) => Math.max(value, 0),
  Sigmoid: (value) => 1 / (1 + Math.exp(-value)),
  SiLU: (value) => value / (1 + Math.exp(-value)),
};

/**
 * Loads a layer that follows the pooling.
 *
 * @throws ModelJobError `MissingDependency` that names what of it is not served, `NotFound` for weights that are missing
 */
export async function loadDense(folder: string, path: string): Promise<VectorStep> {
  const config = await readConfig(folder, posix.join(path, 'config.json'), denseFile);
  if (!config) throw new ModelJobError('NotFound', `the bundle has no \`${posix.join(path, 'config.json')}\``);
  const activation = activationOf(config.activation_function, path);
  const { module_input_name: input, module_output_name: output } = config;
  if (config.use_residual || input !== 'sentence_embedding' || (output ?? input) !== input) {
    throw new ModelJobError('MissingDependency', `${path}: a layer with a residual or other inputs is not served`);
  }
  const weights = await weightsOf(folder, path);
  const { in_features: columns, out_features: rows } = config;
  const matrix = tensorOf(weights, 'linear.weight', rows * columns, path);
  const bias = config.bias ? tensorOf(weights, 'linear.bias', rows, path) : new Float32Array(rows);
  return {
    kind: 'dense',
    apply: (vector) =>
      Float32Array.from({ length: rows }, (_, row) => {
        let sum = bias[row] ?? 0;
        for (let at = 0; at < columns; at++) sum += (matrix[row * columns + at] ?? 0) * (vector[at] ?? NaN);
        return activation(sum);
      }),
  };
}

function activationOf(name: string, path: string): (value: number) => number {
  const known = name.startsWith('torch.') ? activations[name.split('.').at(-1) ?? ''] : undefined;
  if (known) return known;
  throw new ModelJobError(
    'MissingDependency',
    `${path}: the activation \`${name}\` is not served, but ${Object.keys(activations).join(', ')}`,
  );
}

async function weightsOf(folder: string, path: string): Promise<Weights> {
  const file = join(folder, path, 'model.safetensors');
  const found = await access(file).then(
    () => true,
    () => false,
  );
  if (found) return readTensors(await readFile(file));
  throw new ModelJobError(
    'NotFound',
    `the bundle has no \`${posix.join(path, 'model.safetensors')}\`, the weights of a layer that its model needs; ` +
      'weights in pytorch_model.bin are not read',
  );
}

function tensorOf(weights: Weights, name: string, size: number, path: string): Float32Array {
  const found = weights.get(name);
  if (found?.length === size) return found;
  throw new ModelJobError(
    'Failed',
    `${path}: expected ${size} numbers in \`${name}\`, found ${found?.length ?? 'none'}`,
    {
      retryable: false,
    },
  );
}
