import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { batchBox } from '../../helpers/batch.js';

it('a batch that ends early shows failed rows of a shard that was stopped, behind any number of finished ones', async () => {
  const lines = Array.from({ length: 120 }, (_, index) => (index > 100 && index % 2 === 1 ? '"bad"' : '"good"'));
  const box = await batchBox('echo', lines.join('\n'), { options: { batch: { shardSize: 4 } } });
  const { activities, request, run } = box;
  const plan = await run((input) => activities.planShards(input), { request, runKey: 'run' });
  for (let shard = 0; shard < 25; shard++) await run((input) => activities.runShard(input), { request, plan, shard });
  const stopped = run((input) => activities.runShard(input), { request, plan, shard: 25, errorsLeft: 1 });
  await expect(stopped).rejects.toMatchObject({ type: 'ResourceLimit' });
  const counts = { succeeded: 102, failed: 2, failedByCode: { Failed: 2 } };
  const { errors } = await run((input) => activities.listDone(input), { request, plan, ...counts });
  expect(errors).toEqual([
    { index: 101, customId: null, source: `${box.data}:102`, code: 'Failed', message: 'a bad row' },
    { index: 103, customId: null, source: `${box.data}:104`, code: 'Failed', message: 'a bad row' },
  ]);
  const list = JSON.parse(await readFile(join(plan.folder, '_PARTIAL.json'), 'utf8')) as object;
  expect(list).toMatchObject({ ...counts, done: 104, errors });
});
