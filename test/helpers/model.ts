import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { openActivities } from '../../activities/index.js';
import type { ActivityConfig } from '../../activities/config.js';
import { parseModelAccessJobRequest, type ModelAccessJobRequest } from '../../planner/index.js';
import { activityEnvironment, configIn, temporaryFolder } from './activity.js';

const modelFolder = fileURLToPath(new URL('../../demo/model/afinn-sentiment', import.meta.url));

const files = [
  { required: 'config.json' },
  { required: 'tokenizer.json' },
  { required: 'tokenizer_config.json' },
  { required: 'onnx/model.onnx' },
];

/** The path of a runtime of the tests' own. */
export function runtimeFixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/runtimes/${name}.js`, import.meta.url));
}

/** Roots beside the worker's own folder, and the commands that it allows. */
type Overrides = Partial<Pick<ActivityConfig, 'roots' | 'commands'>>;

/** A worker's activities, and the demo's model in a folder of that worker, one of its `roots`. There is no hub. */
export async function modelBox(
  model = 'model',
  runtime: Partial<ActivityConfig['runtime']> = {},
  overrides: Overrides = {},
) {
  const folder = await temporaryFolder();
  await cp(modelFolder, join(folder, 'model'), { recursive: true });
  const defaults = configIn(folder);
  const config = {
    ...defaults,
    roots: [...defaults.roots, ...(overrides.roots ?? [])],
    commands: overrides.commands ?? [],
    runtime: { ...defaults.runtime, ...runtime },
  };
  const { activities, close } = openActivities(config);
  onTestFinished(close);
  const job = { workflowExecution: { workflowId: 'job', runId: 'run' } };
  /** Runs one activity in an environment of its own. */
  const run = <Input, Output>(activity: (input: Input) => Promise<Output>, input: Input) => {
    const { environment, progress } = activityEnvironment(job);
    const running = environment.run<[Input], Output, typeof activity>(activity, input);
    return Object.assign(running, { cancel: () => environment.cancel('CANCELLED'), progress });
  };
  const request = (kind: string, overrides: Record<string, unknown> = {}): ModelAccessJobRequest =>
    parseModelAccessJobRequest({
      kind,
      backend: 'onnx',
      spec: {
        name: 'afinn',
        task: 'text_classification',
        source: { kind: 'local_path', path: join(folder, model) },
        files,
      },
      ...overrides,
    });
  return { folder, config, activities, close, run, request };
}
