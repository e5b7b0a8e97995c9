import type { ModelAccessJobRequestInput } from '../../planner/index.js';
import type { Activities } from '../../activities/index.js';
import { fakeActivities } from './fake-activities.js';

/** One way for a workflow to go, with activities that answer at once. */
export interface Scenario {
  name: string;
  request: ModelAccessJobRequestInput;
  activities: Activities;
  /** History events beyond the workflow's own start and end. */
  events: number;
  /** Cancels the job once its activity runs. */
  cancel?: boolean;
}

const spec = {
  name: 'demo/model',
  task: 'text_classification' as const,
  source: { kind: 'hugging_face' as const, repo_id: 'demo/model', revision: 'main' },
  files: [{ required: 'config.json' }],
};
const command = { ...spec, source: { kind: 'external_command' as const, command: 'true' } };
const inputs = Array.from({ length: 6 }, (_, index) => ({ kind: 'json' as const, value: `text ${index}` }));

const done = fakeActivities();
const sixShards: Activities = {
  ...done,
  planShards: () => Promise.resolve({ folder: '/jobs/b', rows: 6, shards: 6, shardSize: 1 }),
  runShard: ({ shard }) => Promise.resolve({ shard, succeeded: 1, failed: 0 }),
};

const problem = { path: 'config.json', problem: 'size', expected: 2, found: 1 } as const;
const repaired: Activities = {
  ...done,
  validateBundle: async (request) => ({ ...(await done.validateBundle(request)), repaired: [problem] }),
};
const standIn: Activities = {
  ...done,
  runInference: async (request) => ({
    ...(await done.runInference(request)),
    fallback: { used: 'heuristic', reason: 'not found: there is no model' },
  }),
};

/** Shards of which one is not whole when they are put together. */
function brokenShard(): Activities {
  let tries = 0;
  return {
    ...sixShards,
    assembleBatch: async (input) => ({ ...(await done.assembleBatch(input)), missingShards: tries++ === 0 ? [4] : [] }),
  };
}

/**
 * What each kind costs when it meets no fault. A workflow task is three events, an activity three, the memo one:
 * one activity makes 10 events; a batch has two activities and one for each shard, most of which share their tasks.
 */
export const scenarios: Scenario[] = [
  { name: 'download', request: { kind: 'Download', spec, backend: 'onnx' }, activities: done, events: 10 },
  { name: 'materialize', request: { kind: 'MaterializeBundle', spec, backend: 'onnx' }, activities: done, events: 10 },
  { name: 'validate', request: { kind: 'ValidateBundle', spec, backend: 'onnx' }, activities: done, events: 10 },
  { name: 'warmup', request: { kind: 'Warmup', spec, backend: 'onnx' }, activities: done, events: 10 },
  { name: 'inference', request: { kind: 'Inference', spec, backend: 'onnx', inputs }, activities: done, events: 10 },
  {
    name: 'inference-looks',
    request: {
      ...{ kind: 'Inference', spec, backend: 'onnx' },
      inputs: [{ kind: 'localPath', value: '/data/{date}.jsonl' }],
      options: { onMissingInput: 'skip', inputWaitSeconds: 60 },
    },
    activities: done,
    events: 16,
  },
  {
    name: 'batch',
    request: { kind: 'BatchInference', spec, backend: 'onnx', inputs, options: { batch: { concurrency: 2 } } },
    activities: sixShards,
    events: 52,
  },
  {
    name: 'validate-repaired',
    request: { kind: 'ValidateBundle', spec, backend: 'onnx', options: { repair: true } },
    activities: repaired,
    events: 10,
  },
  {
    name: 'inference-fallback',
    request: { kind: 'Inference', spec, backend: 'onnx', inputs, options: { fallback: 'heuristic_fallback' } },
    activities: standIn,
    events: 10,
  },
  {
    name: 'batch-repaired',
    request: { kind: 'BatchInference', spec, backend: 'onnx', inputs, options: { batch: { concurrency: 2 } } },
    activities: brokenShard(),
    events: 70,
  },
  {
    name: 'command',
    request: { kind: 'ExternalCommand', spec: command, backend: 'external' },
    activities: done,
    events: 10,
  },
  {
    name: 'command-failed',
    request: { kind: 'ExternalCommand', spec: command, backend: 'external' },
    activities: fakeActivities('job failed: `true` exited with status exit status: 1'),
    events: 10,
  },
];
