import { expect, it } from 'vitest';
import { runtime } from '../../../../engine/runtimes/onnx/runtime.js';
import type { ModelTask } from '../../../../planner/index.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { loadRequest } from '../../../helpers/onnx-model.js';
import { encodeGraph, floats, node, tensor } from '../../../models/graph.js';
import { writeModel, type ModelFiles } from '../../../models/index.js';
import { words, tokenizerFiles } from '../../../models/words.js';

/** Weights of 5 MB: 200 models that were not released would be a gigabyte. */
const size = Math.round(5e6 / 4 / words.length);

const cycles = 200;

/** What may be left for the garbage collector and the allocator's own pools: a tenth of what a leak would be. */
const slackBytes = 100e6;

function largeEmbedder(): ModelFiles {
  const ids = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) =>
    tensor(name, 'int64', ['batch', 'sequence']),
  );
  return {
    ...tokenizerFiles('BertTokenizer'),
    'config.json': { model_type: 'bert' },
    'onnx/model.onnx': encodeGraph({
      nodes: [node('Gather', ['table', 'input_ids'], ['last_hidden_state'], { axis: 0 })],
      constants: [floats('table', [words.length, size], new Float32Array(words.length * size).fill(0.5))],
      inputs: ids,
      outputs: [tensor('last_hidden_state', 'float32', ['batch', 'sequence', size])],
    }),
  };
}

function largeGraph(): ModelFiles {
  return {
    'model.onnx': encodeGraph({
      nodes: [node('Gather', ['table', 'ids'], ['rows'], { axis: 0 })],
      constants: [floats('table', [words.length, size], new Float32Array(words.length * size).fill(0.5))],
      inputs: [tensor('ids', 'int64', ['count'])],
      outputs: [tensor('rows', 'float32', ['count', size])],
    }),
  };
}

it.each<[what: string, task: ModelTask, files: () => ModelFiles, input: string | { ids: number[] }]>([
  ['a model', 'text_embedding', largeEmbedder, 'the cat sat on the mat'],
  ['a graph', { custom: 'rows' }, largeGraph, { ids: [1] }],
])('%s that is loaded and released 200 times leaves memory flat', async (_, task, files, input) => {
  const folder = await temporaryFolder();
  await writeModel(files(), folder);
  const cycle = async (): Promise<void> => {
    const model = await runtime.load(loadRequest(task, folder));
    const { signal } = new AbortController();
    await model.run([input], { parameters: {}, folder, addFile: () => undefined, signal });
    await model.dispose();
  };
  for (let warm = 0; warm < 20; warm++) await cycle();
  const before = process.memoryUsage.rss();
  for (let at = 0; at < cycles; at++) await cycle();
  expect(process.memoryUsage.rss() - before).toBeLessThan(slackBytes);
});
