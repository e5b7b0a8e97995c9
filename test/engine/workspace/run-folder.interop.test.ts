import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ArtifactRef, ModelAccessJobRequest, ShardPlan } from '../../../planner/index.js';
import { activityEnvironment } from '../../helpers/activity.js';
import { modelBox } from '../../helpers/model.js';

/** Activities that belong to the run of this id of job `job`. */
async function runsBox() {
  const box = await modelBox('model', {}, { commands: ['/bin/sh'] });
  const inRun =
    (runId: string) =>
    <Input, Output>(activity: (input: Input) => Promise<Output>, input: Input): Promise<Output> =>
      activityEnvironment({ workflowExecution: { workflowId: 'job', runId } }).environment.run<
        [Input],
        Output,
        typeof activity
      >(activity, input);
  const jobFolder = join(box.folder, 'home/jobs/job');
  return { ...box, inRun, jobFolder, plain: (name: string) => readFile(join(jobFolder, name), 'utf8') };
}

type Box = Awaited<ReturnType<typeof runsBox>>;

const json = (value: string) => ({ kind: 'json' as const, value });

async function expectAsHashed(artifacts: readonly ArtifactRef[]): Promise<void> {
  for (const { uri, sha256 } of artifacts) {
    const bytes = await readFile(fileURLToPath(uri));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
}

function batchOf(box: Box, runKey: string, value: string, batch: object = {}) {
  const request = box.request('BatchInference', { inputs: [json(value)], options: { batch } });
  return { request, runKey };
}

async function runBatch(box: Box, { request, runKey }: { request: ModelAccessJobRequest; runKey: string }) {
  const run = box.inRun(runKey);
  const plan: ShardPlan = await run(box.activities.planShards, { request, runKey });
  await run(box.activities.runShard, { request, plan, shard: 0 });
  return { plan, facts: await run(box.activities.assembleBatch, { request, plan }) };
}

describe('two runs of one id', () => {
  it('keep the outputs of an inference apart; the plain path leads to the latest', async () => {
    const box = await runsBox();
    const ask = (value: string) => box.request('Inference', { inputs: [json(value)] });
    const first = await box.inRun('1')(box.activities.runInference, ask('love'));
    const second = await box.inRun('2')(box.activities.runInference, ask('hate'));
    await expectAsHashed([first.artifact, second.artifact]);
    expect(JSON.parse(await box.plain('output.json'))).toEqual(second.outputs);
    expect(JSON.parse(await box.plain('run-1/output.json'))).toEqual(first.outputs);
  });

  it('keep what a command writes apart, also of one that fails', async () => {
    const box = await runsBox();
    const ask = (script: string) =>
      box.request('ExternalCommand', {
        backend: 'external',
        spec: { name: 'sh', task: 'ocr', source: { kind: 'external_command', command: '/bin/sh' }, files: [] },
        options: { command: { args: ['-c', script] } },
      });
    const first = await box.inRun('1')(box.activities.runCommand, ask('echo one; echo kept > made.txt'));
    expect(await box.plain('made.txt')).toBe('kept\n');
    await expect(box.inRun('2')(box.activities.runCommand, ask('echo two; exit 3'))).rejects.toThrow('status');
    await expectAsHashed(first.artifacts);
    expect(await box.plain('stdout.log')).toBe('two\n');
    expect((await readdir(box.jobFolder)).sort()).toEqual(['.job', 'run-1', 'run-2', 'stderr.log', 'stdout.log']);
    expect(await box.plain('run-1/made.txt')).toBe('kept\n');
  });

  it('keep the outputs of a batch apart, whatever their form', async () => {
    const box = await runsBox();
    const first = await runBatch(box, batchOf(box, '1', 'love'));
    expect(JSON.parse(await box.plain('_SUCCESS.json'))).toMatchObject({ artifacts: first.facts.artifacts });
    const next = batchOf(box, '2', 'hate', { outputFormat: 'parquet' });
    await box.inRun('2')(box.activities.planShards, next);
    expect((await readdir(box.jobFolder)).sort()).toEqual(['errors.jsonl', 'output.jsonl', 'run-1', 'run-2']);
    const second = await runBatch(box, next);
    await expectAsHashed([...first.facts.artifacts, ...second.facts.artifacts]);
    const names = ['_SUCCESS.json', 'errors.jsonl', 'output.parquet', 'run-1', 'run-2'];
    expect((await readdir(box.jobFolder)).sort()).toEqual(names);
    expect(JSON.parse(await box.plain('_SUCCESS.json'))).toMatchObject({ artifacts: second.facts.artifacts });
  });
});

describe('what a version without runs left', () => {
  it('is moved aside, not overwritten', async () => {
    const box = await runsBox();
    await mkdir(box.jobFolder, { recursive: true });
    await writeFile(join(box.jobFolder, 'output.json'), 'of before');
    await box.inRun('1')(box.activities.runInference, box.request('Inference', { inputs: [json('love')] }));
    const [aside = ''] = (await readdir(box.jobFolder)).filter((name) => name.startsWith('earlier-'));
    expect(await box.plain(`${aside}/output.json`)).toBe('of before');
    expect(await box.plain('output.json')).not.toBe('of before');
  });

  it('lets a batch end that it had begun', async () => {
    const box = await runsBox();
    const { request, runKey } = batchOf(box, 'x', 'love');
    const plan = await box.inRun('x')(box.activities.planShards, { request, runKey });
    const folder = join(box.jobFolder, 'batch-x');
    await rename(plan.folder, folder);
    const index = (await readFile(join(folder, 'index.json'), 'utf8')).replaceAll('run-x', 'batch-x');
    await writeFile(join(folder, 'index.json'), index);
    const before = { ...plan, folder };
    await box.inRun('x')(box.activities.runShard, { request, plan: before, shard: 0 });
    const done = await box.inRun('x')(box.activities.assembleBatch, { request, plan: before });
    await expectAsHashed(done.artifacts);
    expect(await box.plain('output.jsonl')).toContain('"index":0');

    // And its rows may be retried, with the plan made before or now.
    const retry = batchOf(box, 'y', 'love', { retryOf: { jobId: 'job', runId: 'x' } });
    const again = await runBatch(box, retry);
    expect(again.plan).toMatchObject({ base: folder, rows: 1 });
    const { base: _base, ...unnamed } = again.plan;
    const run = box.inRun('y');
    expect(await run(box.activities.runShard, { ...retry, plan: unnamed, shard: 0 })).toMatchObject({ succeeded: 1 });
  });
});
