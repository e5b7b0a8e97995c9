import { randomUUID } from 'node:crypto';
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ModelJobsClient } from '../../client/job-client.js';
import type { JobHandle } from '../../client/jobs/job-handle.js';
import { startHub } from '../../demo/hub/index.js';
import {
  parseModelAccessJobRequest,
  type ModelAccessJobRequest,
  type ModelAccessJobResult,
  type Provenance,
} from '../../planner/index.js';
import { manyRows, openEndToEnd, sentimentSpec } from '../helpers/end-to-end.js';
import { labelModel } from '../helpers/identity.js';

const repo = 'demo/afinn-sentiment';
const demoModel = fileURLToPath(new URL('../../demo/model/afinn-sentiment', import.meta.url));
const patient = { timeout: 30_000, interval: 20 };

const taskQueue = `pinned-${randomUUID()}`;
const box = await openEndToEnd({ MODEL_JOBS_TASK_QUEUE: taskQueue });
const moved = join(box.folder, 'moved');
let rows: number;
let jobs: ModelJobsClient;

beforeAll(async () => {
  jobs = await ModelJobsClient.connect({ taskQueue, env: { TEMPORAL_ADDRESS: inject('temporalAddress') } });
  await cp(demoModel, moved, { recursive: true });
  await labelModel(moved, 'NEWER');
  const text = await manyRows(1);
  rows = text.trimEnd().split('\n').length;
  await writeFile(join(box.folder, 'rows.jsonl'), text);
});
afterAll(async () => {
  await jobs.close();
});

describe('a batch whose `main` moves on the hub while it runs', { timeout: 90_000 }, () => {
  it('has all of its rows by the commit that it began with, though another job brings the new one', async () => {
    const worker = await box.startWorker();
    const { job, commit } = await begin('moving');
    const newer = await moveMain();
    expect((await download('moving-download')).output).toMatchObject({ commit: newer });
    await expectOneModel(job, commit);
    const inputs = [{ kind: 'json', value: 'love' }];
    const { output } = await jobs.execute(request('Inference', 'now', { inputs }));
    expect(output).toMatchObject({ outputs: [{ label: 'NEWER' }] });
    await worker.stop();
  });

  it('is taken over by another host, on that commit, when its worker is killed', async () => {
    const first = await box.startWorker(hostOf('first'));
    const { job, commit } = await begin('taken-over');
    const newer = await moveMain();
    await first.kill();
    const second = await box.startWorker(hostOf('second'));
    expect((await download('second-download')).output).toMatchObject({ commit: newer });
    await expectOneModel(job, commit);
    await second.stop();
  });

  it('fails on a host to which nobody gives that commit any more, and takes no other', async () => {
    const third = await box.startWorker(hostOf('third'));
    const { job, commit } = await begin('lost');
    await job.pause();
    await third.stop();
    const other = await startHub({ repos: { [repo]: { folder: moved } } });
    const fourth = await box.startWorker({ ...hostOf('fourth'), HF_ENDPOINT: other.url });
    await job.resume();
    await expect(job.result()).rejects.toMatchObject({
      code: 'IntegrityError',
      message: expect.stringMatching(
        new RegExp(
          `the model that this job pinned, ${repo}@${commit.slice(0, 7)}\\w*, can't be had any more: .* answered 404`,
        ),
      ) as string,
    });
    await fourth.stop();
    await other.close();
  });
});

it('a file that is replaced during a pause by one of equal length fails its batch, by its lines', async () => {
  const worker = await box.startWorker();
  const file = join(box.folder, 'replaced.jsonl');
  const text = await manyRows(1);
  await writeFile(file, text);
  const { job } = await begin('replaced', file);
  await job.pause();
  const lines = text.split('\n');
  lines[2750] = lines[2750]!.replace('"input":"', '"input":"X').replace(/."}$/, '"}');
  await rm(file);
  await writeFile(file, lines.join('\n'));
  expect((await stat(file)).size).toBe(Buffer.byteLength(text));
  await job.resume();
  const error = await job.result().then(
    () => undefined,
    (error: unknown) => error as Error & { code: string },
  );
  expect(error?.code).toBe('IntegrityError');
  const told = /replaced\.jsonl` changed since the batch was planned: lines (\d+) to (\d+) are not/.exec(
    error?.message ?? '',
  );
  const [first, last] = [Number(told?.[1]), Number(told?.[2])];
  expect([first <= 2751, 2751 <= last, last - first < 3000]).toEqual([true, true, true]);
  await worker.stop();
}, 90_000);

function request(kind: string, id: string, more: object = {}): ModelAccessJobRequest {
  return parseModelAccessJobRequest({ id, kind, spec: sentimentSpec(), backend: 'onnx', ...more });
}

function hostOf(name: string): Record<string, string> {
  return { MODEL_JOBS_HOME: join(box.folder, `home-${name}`), HF_HUB_CACHE: join(box.folder, `hub-${name}`) };
}

/** Begins a batch on what `main` is in the beginning, and waits until some of its rows are done. */
async function begin(id: string, file = join(box.folder, 'rows.jsonl')): Promise<{ job: JobHandle; commit: string }> {
  box.hub.setRepo(repo, { folder: demoModel });
  const commit = await box.hub.commit(repo);
  const inputs = [{ kind: 'localPath', value: file }];
  const batch = { output: join(box.folder, 'shared'), shardSize: 100, concurrency: 1, batchSize: 4 };
  const job = await jobs.start(request('BatchInference', id, { inputs, options: { batch } }));
  const done = async (): Promise<number> => {
    const { progress } = await job.snapshot();
    return progress?.unit === 'inputs' ? progress.completed : 0;
  };
  await expect.poll(done, patient).toBeGreaterThan(0);
  expect(await done()).toBeLessThan(rows / 2);
  return { job, commit };
}

/** Returns the commit that `main` is from now on. */
async function moveMain(): Promise<string> {
  box.hub.setRepo(repo, { folder: moved });
  return box.hub.commit(repo);
}

function download(id: string): Promise<ModelAccessJobResult> {
  return jobs.execute(request('Download', id));
}

async function expectOneModel(job: JobHandle, commit: string): Promise<void> {
  const { output, artifacts, provenance } = await job.result();
  expect(output).toMatchObject({ inputCount: rows, succeeded: rows, failed: 0 });
  const { uri } = artifacts.find(({ id }) => id === 'output')!;
  const lines = (await readFile(new URL(uri), 'utf8')).trimEnd().split('\n');
  const answers = lines.map((line) => JSON.parse(line) as { index: number; output: { label: string } });
  expect(answers.map(({ index }) => index)).toEqual(Array.from({ length: rows }, (_, index) => index));
  expect(new Set(answers.map(({ output }) => output.label))).toEqual(new Set(['POSITIVE', 'NEGATIVE']));
  const success = JSON.parse(await readFile(new URL('_SUCCESS.json', uri), 'utf8')) as { provenance: Provenance };
  for (const told of [provenance, success.provenance]) expect(told?.model).toMatchObject({ repository: repo, commit });
}
