import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JobStatus, ModelAccessJobRequestInput, ModelAccessJobResult } from '../planner/index.js';
import { largeRepo, modelRepo } from './model-hub.js';

/** The data set, in the checkout. */
export const sentences = fileURLToPath(new URL('../../demo/data/sentences.jsonl', import.meta.url));

/** One job of the demo and how it should end. */
export interface DemoStep {
  title: string;
  /** @param last the result of the job before */
  request: (last: ModelAccessJobResult | undefined) => ModelAccessJobRequestInput;
  expected: JobStatus;
  /** Cancels the job when so much of it is done, as a share. */
  cancelAt?: number;
  /** One line on the result, for the summary; undefined when it is not what it should be. */
  check: (result: ModelAccessJobResult) => string | undefined;
}

const spec = {
  name: modelRepo,
  task: 'text_classification' as const,
  source: { kind: 'hugging_face' as const, repo_id: modelRepo, revision: 'main' },
  files: [
    { required: 'config.json' },
    { required: 'tokenizer.json' },
    { required: 'tokenizer_config.json' },
    { optional: 'special_tokens_map.json' },
    { first_available: ['onnx/model_quantized.onnx', 'onnx/model.onnx'] },
  ],
};

const texts = ['I love this, it is wonderful', 'a terrible, broken mess'];

/** Counts the labels in the output of a batch, whose artifact it reads from stdin, as any program of a caller's could. */
const countLabels = `
const { createInterface } = require('node:readline');
const { createReadStream, readFileSync } = require('node:fs');
const artifact = JSON.parse(readFileSync(0, 'utf8'));
const counts = {};
createInterface({ input: createReadStream(new URL(artifact.uri)) })
  .on('line', (line) => {
    const [label] = line.match(/POSITIVE|NEGATIVE/);
    counts[label] = (counts[label] ?? 0) + 1;
  })
  .on('close', () => console.log(JSON.stringify(counts)));
`;

/** The demo's jobs, in order; each works on what the ones before it left. */
export function demoSteps(): DemoStep[] {
  const rows = readFileSync(sentences, 'utf8').trimEnd().split('\n').length;
  return [
    {
      title: 'Download: fetch the model into the hub cache and materialize its bundle',
      request: () => ({ kind: 'Download', spec, backend: 'onnx' }),
      expected: 'succeeded',
      check: ({ output }) => `${Number(output?.['files'])} files, ${Number(output?.['bytesFetched'])} bytes fetched`,
    },
    {
      title: 'ValidateBundle: check every file against the manifest',
      request: () => ({ kind: 'ValidateBundle', spec, backend: 'onnx' }),
      expected: 'succeeded',
      check: ({ output }) => (output?.['valid'] === true ? `${Number(output['bytes'])} bytes match` : undefined),
    },
    {
      title: 'Warmup: load the runtime and keep it loaded',
      request: () => ({ kind: 'Warmup', spec, backend: 'onnx' }),
      expected: 'succeeded',
      check: ({ output }) =>
        output?.['warmed'] === true ? `loaded in ${Math.round(Number(output['loadMs']))} ms` : undefined,
    },
    {
      title: 'Inference: two sentences',
      request: () => ({
        kind: 'Inference',
        spec,
        backend: 'onnx',
        inputs: texts.map((value) => ({ kind: 'json', value })),
      }),
      expected: 'succeeded',
      check: ({ output }) => {
        const labels = JSON.stringify(output?.['outputs'])
          .match(/POSITIVE|NEGATIVE/g)
          ?.join(', ');
        return labels === 'POSITIVE, NEGATIVE' ? labels : undefined;
      },
    },
    {
      title: `BatchInference: ${rows} sentences, in shards`,
      request: () => ({
        kind: 'BatchInference',
        spec,
        backend: 'onnx',
        inputs: [{ kind: 'localPath', value: sentences }],
      }),
      expected: 'succeeded',
      check: ({ output }) =>
        output?.['succeeded'] === rows && output['failed'] === 0
          ? `${rows} rows, ${Number(output['shards'])} shards`
          : undefined,
    },
    {
      title: 'ExternalCommand: count the labels of the batch with a program of our own',
      request: (last) => ({
        kind: 'ExternalCommand',
        spec: {
          name: 'count-labels',
          task: { custom: 'report' },
          source: { kind: 'external_command', command: 'node' },
          files: [],
        },
        backend: 'external',
        inputs: (last?.artifacts ?? []).slice(0, 1).map((value) => ({ kind: 'artifact', value })),
        options: { command: { args: ['-e', countLabels] } },
      }),
      expected: 'succeeded',
      check: ({ output }) => (typeof output?.['stdout'] === 'string' ? output['stdout'].trim() : undefined),
    },
    {
      title: 'a Download that is cancelled half-way',
      request: () => ({
        kind: 'Download',
        spec: {
          ...spec,
          name: largeRepo,
          source: { ...spec.source, repo_id: largeRepo },
          files: [{ required: 'weights.bin' }],
        },
        backend: 'onnx',
      }),
      expected: 'cancelled',
      cancelAt: 0.1,
      check: () => undefined,
    },
  ];
}
