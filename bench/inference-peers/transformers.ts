import { env, pipeline } from '@huggingface/transformers';
import { realModel } from '../real-model.js';

/** A plain loop over transformers.js, batches of 32 in the order given. Prints rows and seconds, the load apart. */
const batchSize = 32;
const model = await realModel();
if (!model) process.exit(1);
env.allowRemoteModels = false;
const extract = await pipeline('feature-extraction', model.folder, { dtype: 'fp32', local_files_only: true });
const run = async (sentences: readonly string[]): Promise<number> => {
  let rows = 0;
  for (let start = 0; start < sentences.length; start += batchSize) {
    const batch = sentences.slice(start, start + batchSize);
    const output = await extract(batch, { pooling: 'mean', normalize: true });
    rows += (output.tolist() as number[][]).length;
  }
  return rows;
};
await run(model.sentences.slice(0, 100));
const startedAt = performance.now();
const rows = await run(model.sentences);
console.log(JSON.stringify({ rows, seconds: (performance.now() - startedAt) / 1000 }));
