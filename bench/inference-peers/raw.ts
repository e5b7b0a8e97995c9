import { join } from 'node:path';
import { AutoTokenizer, env } from '@huggingface/transformers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { realModel } from '../real-model.js';

/**
 * onnxruntime-node alone, on rows sorted by length in batches of 32: tokens are made before, nothing is pooled after.
 * Prints rows and seconds of `session.run`.
 */
const batchSize = 32;
const model = await realModel();
if (!model) process.exit(1);
env.allowRemoteModels = false;
const tokenizer = await AutoTokenizer.from_pretrained(model.folder, { local_files_only: true });
const rows = model.sentences
  .map((sentence) => tokenizer.encode(sentence))
  .sort((left, right) => right.length - left.length);
const session = await InferenceSession.create(join(model.folder, 'onnx', 'model.onnx'));
const batches = Array.from({ length: Math.ceil(rows.length / batchSize) }, (_, at) =>
  feedsOf(rows.slice(at * batchSize, (at + 1) * batchSize)),
);
for (const feeds of batches.slice(0, 3)) await session.run(feeds);
const startedAt = performance.now();
for (const feeds of batches) await session.run(feeds);
console.log(JSON.stringify({ rows: rows.length, seconds: (performance.now() - startedAt) / 1000 }));

function feedsOf(batch: readonly number[][]): Record<string, Tensor> {
  const length = Math.max(...batch.map((ids) => ids.length));
  const dims = [batch.length, length];
  const padded = (valueOf: (id: number | undefined) => number): Tensor =>
    new Tensor(
      'int64',
      BigInt64Array.from(batch.flatMap((ids) => Array.from({ length }, (_, at) => BigInt(valueOf(ids[at]))))),
      dims,
    );
  const all = {
    input_ids: padded((id) => id ?? 0),
    attention_mask: padded((id) => (id === undefined ? 0 : 1)),
    token_type_ids: padded(() => 0),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => session.inputNames.includes(name)));
}
