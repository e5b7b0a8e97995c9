import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelBox } from '../../../helpers/model.js';

const spec = { name: 'theirs', task: { custom: 'anything' }, source: { kind: 'local_path', path: '.' }, files: [] };

/** A worker's activities, with a file of inputs of many lengths, which run in another order than they stand. */
async function importedJobs(predictions: readonly object[]) {
  const box = await modelBox();
  const write = async (name: string, rows: readonly object[]): Promise<string> => {
    const path = join(box.folder, name);
    await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return path;
  };
  const inputs = Array.from({ length: 100 }, (_, index) => ({
    ...(index % 2 === 0 ? { custom_id: `row-${index}` } : {}),
    input: 'x'.repeat((index * 37) % 101),
  }));
  const options = { predictions: { kind: 'localPath', value: await write('predictions.jsonl', predictions) } };
  const overrides = {
    backend: 'imported',
    spec,
    inputs: [{ kind: 'localPath', value: await write('inputs.jsonl', inputs) }],
    options,
  };
  return { ...box, overrides };
}

describe('predictions of others', () => {
  it('reach the inputs of an inference by their numbers', async () => {
    const { run, activities, request, overrides } = await importedJobs(
      Array.from({ length: 100 }, (_, index) => ({ index: 99 - index, output: 99 - index })),
    );
    const { outputs } = await run((input) => activities.runInference(input), request('Inference', overrides));
    expect(outputs).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it('reach the rows of a batch by their names and numbers, in every shard', async () => {
    const missing = 61;
    const { run, activities, request, overrides } = await importedJobs(
      Array.from({ length: 100 }, (_, index) =>
        index % 2 === 0 ? { custom_id: `row-${index}`, output: index } : { index, output: index },
      ).filter((_, index) => index !== missing),
    );
    const options = { ...overrides.options, batch: { shardSize: 40, batchSize: 7 } };
    const batch = request('BatchInference', { ...overrides, options });
    const plan = await run((input) => activities.planShards(input), { request: batch, runKey: 'run' });
    for (let shard = 0; shard < plan.shards; shard++) {
      await run((input) => activities.runShard(input), { request: batch, plan, shard });
    }
    const facts = await run((input) => activities.assembleBatch(input), { request: batch, plan });
    expect(facts).toMatchObject({ succeeded: 99, failed: 1 });
    const [output, errors] = await Promise.all(
      facts.artifacts.slice(0, 2).map(async ({ uri }) =>
        (await readFile(new URL(uri), 'utf8'))
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as { index: number; output?: number; error?: { code: string } }),
      ),
    );
    expect(output).toHaveLength(99);
    for (const row of output!) expect(row.output).toBe(row.index);
    expect(errors).toMatchObject([{ index: missing, error: { code: 'NotFound' } }]);
  });
});
