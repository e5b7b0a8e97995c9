import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityConfig } from '../../activities/config.js';
import { modelBox, runtimeFixture } from './model.js';

/** A line of a batch's output or error file. */
export interface BatchLine {
  index: number;
  custom_id?: string;
  output?: unknown;
  error?: { code: string; message: string; tries?: number };
  source?: string;
  input?: unknown;
}

/** A batch over `data.jsonl` on a runtime of the tests' own, run without a server. */
export async function batchBox(
  fixture: string,
  text: string,
  {
    runtime = {},
    options = {},
    task = { custom: 'odd' },
  }: { runtime?: Partial<ActivityConfig['runtime']>; options?: Record<string, unknown>; task?: unknown } = {},
) {
  const box = await modelBox('model', { modules: { odd: runtimeFixture(fixture) }, ...runtime });
  const data = join(box.folder, 'data.jsonl');
  await writeFile(data, text);
  const source = { kind: 'local_path', path: box.folder };
  const request = box.request('BatchInference', {
    spec: { name: 'odd', task, source, files: [] },
    backend: { custom: 'odd' },
    inputs: [{ kind: 'localPath', value: data }],
    options,
  });
  const { activities, run } = box;
  const jobFolder = join(box.folder, 'home/jobs/job');
  await mkdir(jobFolder, { recursive: true });
  return {
    ...box,
    data,
    request,
    jobFolder,
    async runAll() {
      const plan = await run((input) => activities.planShards(input), { request, runKey: 'run' });
      for (let shard = 0; shard < plan.shards; shard++) {
        await run((input) => activities.runShard(input), { request: { ...request, inputs: [] }, plan, shard });
      }
      return run((input) => activities.assembleBatch(input), { request, plan });
    },
    async lines(name: string) {
      const lines = (await readFile(join(jobFolder, name), 'utf8')).split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as BatchLine);
    },
    async leftovers() {
      const names = await readdir(jobFolder, { recursive: true });
      return names.filter((name) => name.includes('.tmp'));
    },
  };
}
