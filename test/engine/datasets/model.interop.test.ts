import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activityEnvironment } from '../../helpers/activity.js';
import { batchOf, hubSource, identityBox, labelModel } from '../../helpers/identity.js';

describe('the model of a batch', () => {
  it('is one, though `main` moves between two shards and another job brings what it is now', async () => {
    const box = await identityBox();
    const worker = box.openWorker('one');
    const batch = await batchOf(box, hubSource('demo/a'), {});
    const plan = await batch.plan(worker);
    const first = await box.hub.commit('demo/a');
    expect(plan.model).toMatchObject({ repository: 'demo/a', commit: first });
    await batch.runShard(worker, plan, 0);
    await box.moveMain('NEWER');
    const download = box.request('Download', hubSource('demo/a'));
    const { commit } = await worker.inJob('other')(worker.activities.downloadModel, download);
    expect(commit).not.toBe(first);
    await batch.runShard(worker, plan, 1);
    await batch.assemble(worker, plan);
    expect(await batch.labels(plan)).toEqual(['POSITIVE', 'POSITIVE', 'POSITIVE', 'POSITIVE']);
    expect(await box.labelOf(worker, hubSource('demo/a'))).toBe('NEWER');
  });

  it('is brought to a host that lacks it by its commit, which the hub’s `main` has left', async () => {
    const box = await identityBox();
    const here = box.openWorker('one');
    const batch = await batchOf(box, hubSource('demo/a'), { options: { output: box.at('shared') } });
    const plan = await batch.plan(here);
    await batch.runShard(here, plan, 0);
    await box.moveMain('NEWER');
    const there = box.openWorker('two');
    await there.inJob('other')(there.activities.downloadModel, box.request('Download', hubSource('demo/a')));
    await batch.runShard(there, plan, 1);
    await batch.assemble(there, plan);
    expect(new Set(await batch.labels(plan))).toEqual(new Set(['POSITIVE']));
    expect(await box.labelOf(there, hubSource('demo/a'))).toBe('NEWER');
  });

  it('leaves no name on such a host: `main` is still to be asked for', async () => {
    const box = await identityBox();
    const here = box.openWorker('one');
    const batch = await batchOf(box, hubSource('demo/a'), { options: { output: box.at('shared') } });
    const plan = await batch.plan(here);
    await box.moveMain('NEWER');
    const there = box.openWorker('two');
    await batch.runShard(there, plan, 0);
    expect(await box.labelOf(there, hubSource('demo/a'))).toBe('NEWER');
  });

  it('is no program that has no files', async () => {
    const box = await identityBox();
    const worker = box.openWorker('one');
    const batch = await batchOf(box, box.local, {});
    const plan = await batch.plan(worker);
    const shard = { request: { ...batch.request, inputs: [], backend: 'heuristic' as const }, plan, shard: 0 };
    await expect(worker.run(worker.activities.runShard, shard)).rejects.toMatchObject({
      type: 'IntegrityError',
      message: expect.stringMatching(/pinned the model m@sha256:.*, and would run heuristic/) as string,
    });
  });

  it('is what the local folder held when it was planned, or none', async () => {
    const box = await identityBox();
    const worker = box.openWorker('one');
    const batch = await batchOf(box, box.local, {});
    const plan = await batch.plan(worker);
    await batch.runShard(worker, plan, 0);
    await labelModel(box.at('mine'), 'RETRAINED', { inPlace: true });
    await batch.runShard(worker, plan, 1);
    await batch.assemble(worker, plan);
    expect(new Set(await batch.labels(plan))).toEqual(new Set(['MINE']));
    expect(await box.labelOf(worker, box.local)).toBe('RETRAINED');

    await rm(join(worker.config.home, 'bundles/.by-digest', plan.model?.digest ?? ''), { recursive: true });
    await rm(join(plan.folder, 'shards'), { recursive: true });
    await expect(batch.runShard(worker, plan, 0)).rejects.toMatchObject({
      type: 'IntegrityError',
      message: expect.stringMatching(/the model that this job pinned, m@sha256:.*, can't be had any more/) as string,
    });
  });

  it('is that of the batch that a retry completes', async () => {
    const box = await identityBox();
    const worker = box.openWorker('one');
    const batch = await batchOf(box, box.local, {});
    const plan = await batch.plan(worker);
    await labelModel(box.at('mine'), 'RETRAINED');
    const retry = await batchOf(box, box.local, { options: { retryOf: { jobId: 'job', runId: 'run' } } });
    expect((await retry.plan(worker, 'again')).model).toEqual(plan.model);
  });

  it('is what stood in for it when it was planned, in every shard', async () => {
    const box = await identityBox();
    const worker = box.openWorker('one');
    const gone = { kind: 'local_path', path: box.at('later') };
    const batch = await batchOf(box, gone, { options: {} });
    const request = {
      ...batch.request,
      options: { ...batch.request.options, fallback: 'heuristic_fallback' as const },
    };
    const plan = await worker.run(worker.activities.planShards, { request, runKey: 'run' });
    expect(plan).toMatchObject({ model: { label: 'heuristic' }, fallback: { used: 'heuristic' } });
    const shard = { request: { ...request, inputs: [] }, plan, shard: 0 };
    expect(await worker.run(worker.activities.runShard, shard)).toMatchObject({ fallback: { used: 'heuristic' } });
  });

  it('may be of a plan that an earlier version made, and ends well', async () => {
    const box = await identityBox();
    const worker = box.openWorker('one');
    const batch = await batchOf(box, box.local, {});
    const { model: _model, ...plan } = await batch.plan(worker);
    await batch.runShard(worker, plan, 0);
    await batch.runShard(worker, plan, 1);
    expect(await batch.assemble(worker, plan)).toMatchObject({ succeeded: 4, failed: 0 });
  });
});

describe('the answers of a job', () => {
  it('are of its own model, whatever was made under its name before', async () => {
    const box = await identityBox();
    const worker = box.openWorker('one');
    const sources = [hubSource('demo/a'), hubSource('demo/b'), box.local, hubSource('demo/a')];
    const labels = [];
    for (const source of sources) labels.push(await box.labelOf(worker, source));
    expect(labels).toEqual(['POSITIVE', 'OTHER', 'MINE', 'POSITIVE']);
    for (const [name, source, label] of [
      ['m/1', hubSource('demo/a'), 'POSITIVE'],
      ['m_1', hubSource('demo/b'), 'OTHER'],
    ] as const) {
      expect(await box.labelOf(worker, source, { name })).toBe(label);
      const { model } = await worker.run(worker.activities.warmRuntime, box.request('Warmup', source, { name }));
      expect(model).toMatchObject({ repository: source.repo_id });
    }
  });

  it('are of the model that an earlier attempt has pinned', async () => {
    const box = await identityBox();
    const worker = box.openWorker('one');
    const inputs = [{ kind: 'json', value: 'I love this' }];
    const request = box.request('Inference', hubSource('demo/a'), { inputs });
    const commit = await box.hub.commit('demo/a');
    const model = { label: 'demo/a', repository: 'demo/a', commit, digest: null, version: null };
    await box.moveMain('NEWER');
    await box.labelOf(worker, hubSource('demo/a'));
    const progress = { completed: 0, total: 1, unit: 'inputs' };
    const { environment } = activityEnvironment({ heartbeatDetails: { progress, model }, attempt: 2 });
    const facts = await environment.run(worker.activities.runInference, request);
    expect(facts).toMatchObject({ outputs: [{ label: 'POSITIVE' }], model: { commit } });
  });
});
