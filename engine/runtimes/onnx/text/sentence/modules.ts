import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { ModelJobError } from '../../../../../planner/index.js';
import type { Pooling } from '../../../../models/tasks/parameters/index.js';
import { loadDense, type VectorStep } from './dense.js';
import { poolingOf } from './pooling-config.js';
import { readConfig } from '../../read-config.js';

/** What Sentence Transformers does with the vectors of a model's tokens. */
export interface SentenceModules {
  /** The poolings, one behind the other; undefined where the bundle does not say. */
  poolings?: readonly Pooling[] | undefined;
  /** Whether the tokens of a prompt are pooled too. */
  includePrompt: boolean;
  /** What follows the pooling. */
  steps: readonly VectorStep[];
}

/** `modules.json`: a list of steps, each with its class and its folder. */
const modulesFile = z.array(z.object({ type: z.string(), path: z.string() }));

type ModuleEntry = z.infer<typeof modulesFile>[number];

/**
 * Reads the steps of a Sentence Transformers model: those in `modules.json`, else its folders (`1_Pooling`, `2_Dense`)
 * by their numbers.
 *
 * @throws ModelJobError `MissingDependency` that names a step which is not served
 */
export async function sentenceModules(folder: string): Promise<SentenceModules> {
  const entries = (await readConfig(folder, 'modules.json', modulesFile)) ?? (await foldersOf(folder));
  const modules: { -readonly [K in keyof SentenceModules]: SentenceModules[K] } = { includePrompt: true, steps: [] };
  for (const { type, path } of entries) {
    switch (type.split('.').at(-1)) {
      case 'Transformer':
      case 'Dropout':
        break;
      case 'Pooling': {
        const { poolings, includePrompt } = await poolingOf(folder, path);
        Object.assign(modules, { poolings, includePrompt });
        break;
      }
      case 'Dense':
        modules.steps = [...modules.steps, await loadDense(folder, path)];
        break;
      case 'Normalize':
        modules.steps = [...modules.steps, { kind: 'normalize' }];
        break;
      default:
        throw new ModelJobError(
          'MissingDependency',
          `the step \`${path || type}\` (${type}) is not served by the onnx runtime, but Transformer, Pooling, Dense, ` +
            'Normalize and Dropout; a graph that gives `sentence_embedding` has its steps in itself',
        );
    }
  }
  return modules;
}

async function foldersOf(folder: string): Promise<ModuleEntry[]> {
  const names = (await readdir(folder)).filter((name) => /^\d+_[A-Z]\w*$/.test(name));
  names.sort((left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10));
  return names.map((path) => ({ path, type: path.replace(/^\d+_/, '') }));
}
