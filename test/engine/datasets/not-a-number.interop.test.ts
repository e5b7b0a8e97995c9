import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { modelBox } from '../../helpers/model.js';
import { writeModel } from '../../models/index.js';
import { classifier } from '../../models/text.js';

const texts = ['good cat', 'bad cat', 'red cat', 'good dog'];
const message = /gives NaN|NaN or an infinity/;

/** A worker with a model of real form that says NaN of one of the texts. */
async function brokenBox() {
  const box = await modelBox('broken');
  await writeModel(classifier('red'), join(box.folder, 'broken'));
  return box;
}

it('a row of a batch of which the model says NaN fails by name, and the others go on', async () => {
  const { activities, run, request: requestOf, folder } = await brokenBox();
  const data = join(folder, 'data.jsonl');
  await writeFile(data, texts.map((text, at) => JSON.stringify({ custom_id: `row-${at}`, input: text })).join('\n'));
  const request = requestOf('BatchInference', { inputs: [{ kind: 'localPath', value: data }] });
  const plan = await run((input) => activities.planShards(input), { request, runKey: 'run' });
  await run((input) => activities.runShard(input), { request: { ...request, inputs: [] }, plan, shard: 0 });
  const result = await run((input) => activities.assembleBatch(input), { request, plan });
  expect(result).toMatchObject({ succeeded: 3, failed: 1 });
  const lines = async (name: string) =>
    (await readFile(join(folder, 'home/jobs/job', name), 'utf8')).split('\n').flatMap((line) => {
      return line === '' ? [] : [JSON.parse(line) as { custom_id: string; output?: { label: string } }];
    });
  expect(await lines('errors.jsonl')).toMatchObject([
    { index: 2, custom_id: 'row-2', error: { code: 'Failed', message: expect.stringMatching(message) as string } },
  ]);
  const found = (await lines('output.jsonl')).map(({ custom_id: id, output }) => [id, output?.label]);
  expect(found).toEqual([
    ['row-0', 'GOOD'],
    ['row-1', 'BAD'],
    ['row-3', 'GOOD'],
  ]);
});

it('an input of an inference of which the model says NaN is named, and the model goes on for the next job', async () => {
  const { activities, run, request } = await brokenBox();
  const infer = (given: readonly string[]) => {
    const inputs = given.map((value) => ({ kind: 'json', value }));
    return run((input) => activities.runInference(input), request('Inference', { inputs }));
  };
  await expect(infer(texts)).rejects.toMatchObject({
    type: 'Failed',
    nonRetryable: true,
    message: expect.stringMatching(/^inputs\[2\]: .*NaN/) as string,
  });
  expect((await infer(texts.filter((text) => text !== 'red cat'))).inputCount).toBe(3);
});
