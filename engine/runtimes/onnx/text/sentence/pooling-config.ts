import { posix } from 'node:path';
import { z } from 'zod';
import { ModelJobError } from '../../../../../planner/index.js';
import type { Pooling } from '../../../../models/tasks/parameters/index.js';
import { readConfig } from '../../read-config.js';

/** The names of Sentence Transformers, old and new, in the order in which it puts several vectors together. */
const names: readonly (readonly [flag: string, mode: string, pooling: Pooling])[] = [
  ['pooling_mode_cls_token', 'cls', 'cls'],
  ['pooling_mode_max_tokens', 'max', 'max'],
  ['pooling_mode_mean_tokens', 'mean', 'mean'],
  ['pooling_mode_mean_sqrt_len_tokens', 'mean_sqrt_len_tokens', 'mean_sqrt_len'],
  ['pooling_mode_weightedmean_tokens', 'weightedmean', 'weighted_mean'],
  ['pooling_mode_lasttoken', 'lasttoken', 'last_token'],
];

const poolingFile = z.looseObject({
  pooling_mode: z.union([z.string(), z.array(z.string())]).optional(),
  include_prompt: z.boolean().default(true),
});

/** How a model was trained to pool; the mean where its file does not say. */
export async function poolingOf(
  folder: string,
  path: string,
): Promise<{ poolings: readonly Pooling[]; includePrompt: boolean }> {
  const file = posix.join(path, 'config.json');
  const config = (await readConfig(folder, file, poolingFile)) ?? { include_prompt: true };
  const modes = config.pooling_mode;
  const poolings = modes === undefined ? flagged(config, file) : [modes].flat().map((mode) => poolingNamed(mode, file));
  return { poolings: poolings.length > 0 ? poolings : ['mean'], includePrompt: config.include_prompt };
}

function flagged(config: Readonly<Record<string, unknown>>, file: string): Pooling[] {
  const unknown = Object.keys(config).find(
    (key) => key.startsWith('pooling_mode_') && config[key] === true && !names.some(([flag]) => flag === key),
  );
  if (unknown !== undefined) refuse(file, unknown);
  return names.filter(([flag]) => config[flag] === true).map(([, , pooling]) => pooling);
}

function poolingNamed(wanted: string, file: string): Pooling {
  const [, , pooling] = names.find(([, mode]) => mode === wanted) ?? [];
  return pooling ?? refuse(file, wanted);
}

function refuse(file: string, mode: string): never {
  throw new ModelJobError(
    'MissingDependency',
    `the pooling \`${mode}\` of ${file} is not served, but ${names.map(([, known]) => known).join(', ')}`,
  );
}
