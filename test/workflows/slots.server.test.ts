import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openActivities, type Activities } from '../../activities/index.js';
import type { JobOptions, ModelAccessJobRequest } from '../../planner/index.js';
import { configIn } from '../helpers/activity.js';
import { fakeActivities } from '../helpers/fake-activities.js';
import { connectTemporal } from '../helpers/temporal.js';

const temporal = await connectTemporal();
const { jobs } = temporal;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-jobs-slots-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const spec = {
  name: 'm',
  task: 'ocr' as const,
  source: { kind: 'local_path' as const, path: '/models/{date}T{HH}{mm}{ss}' },
  files: [],
};

describe('a job whose input is not there yet', () => {
  it('waits for it, and begins when it has come', async () => {
    const path = join(folder, 'comes.jsonl');
    const result = await withRealInputs(async () => {
      const handle = await start('comes', path, { inputWaitSeconds: 60 });
      await expect.poll(async () => attempts(handle.jobId), { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
      const { logs } = await handle.snapshot();
      expect(logs.at(-1)?.message).toBe('looking for the inputs, up to 60 s');
      await writeFile(path, '1\n');
      return handle.result();
    });
    expect(result).toMatchObject({ output: { inputCount: 1 }, diagnostics: [] });
    const { events } = await temporal.client.workflow.getHandle(jobId('comes')).fetchHistory();
    // As any other job, and one more activity and workflow task, however often it looked.
    expect((events?.length ?? 0) - 2).toBe(16);
  });

  it('fails when the wait is over', async () => {
    const path = join(folder, 'late.jsonl');
    const failure = withRealInputs(async () => (await start('late', path, { inputWaitSeconds: 2 })).result());
    await expect(failure).rejects.toMatchObject({
      code: 'NotFound',
      detail: `model input path \`${path}\` does not exist after a wait of 2 s`,
    });
  });

  it('skips its work where it may, at once or after the wait', async () => {
    const path = join(folder, 'never.jsonl');
    for (const options of [{}, { inputWaitSeconds: 1 }]) {
      const handle = await withRealInputs(async () => {
        const started = await start('never', path, { onMissingInput: 'skip', ...options });
        expect(await started.result()).toMatchObject({
          kind: 'Inference',
          artifacts: [],
          output: { skipped: true, missing: [path] },
          diagnostics: [{ severity: 'warning', code: 'MissingInput' }],
        });
        return started;
      });
      const { status, logs } = await handle.snapshot();
      expect([status, logs.at(-1)?.message]).toEqual([
        'succeeded',
        `skipped: model input path \`${path}\` does not exist`,
      ]);
    }
  });

  it('can be cancelled while it waits', async () => {
    await withRealInputs(async () => {
      const handle = await start('cancelled', join(folder, 'no.jsonl'), { inputWaitSeconds: 3600 });
      await expect.poll(async () => attempts(handle.jobId), { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
      const before = Date.now();
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ code: 'Cancelled' });
      expect(Date.now() - before).toBeLessThan(3000);
    });
  });
});

describe('the placeholders in a job’s paths', () => {
  it('stand for the start of a job that no schedule started, in UTC', async () => {
    const { activities, sources } = sourcesOf('materializeBundle');
    const handle = await temporal.withWorker(activities, async () => {
      const started = await jobs.start({ id: jobId('by-hand'), kind: 'MaterializeBundle', backend: 'onnx', spec });
      expect((await started.result()).spec.source).toEqual({ kind: 'local_path', path: sources[0] });
      return started;
    });
    const { startTime } = await temporal.client.workflow.getHandle(handle.jobId).describe();
    expect(sources).toEqual([`/models/${startTime.toISOString().slice(0, 19).replaceAll(':', '')}`]);
  });

  it('that do not exist are refused before the start, and by the workflow', async () => {
    const inputs = [{ kind: 'localPath' as const, value: '/d/{YYYY}' }];
    const bad = { id: jobId('bad'), kind: 'Inference' as const, backend: 'onnx' as const, spec, inputs };
    await expect(jobs.start(bad)).rejects.toThrow('inputs[0].value: unknown placeholder {YYYY}');
    const failure = temporal.withWorker(fakeActivities(), () =>
      temporal.client.workflow.execute('modelInference', {
        workflowId: bad.id,
        taskQueue: temporal.taskQueue,
        args: [bad],
      }),
    );
    await expect(failure).rejects.toMatchObject({ cause: { type: 'InvalidArgument' } });
  });

  it('stay the slot’s when a long batch continues as new', async () => {
    const { activities, sources } = sourcesOf('runShard', 'assembleBatch');
    const plan = { folder: '/jobs/b', rows: 1400, shards: 1400, shardSize: 1 };
    const runShard: Activities['runShard'] = (given) => activities.runShard({ ...given, plan: { ...plan, rows: 1 } });
    const planShards: Activities['planShards'] = () => Promise.resolve(plan);
    await temporal.withWorker({ ...activities, planShards, runShard }, async () => {
      const schedule = await jobs.schedules.create({
        id: jobId('long'),
        request: { kind: 'BatchInference', backend: 'onnx', spec, options: { batch: { concurrency: 20 } } },
        every: '1d',
        timeZone: 'Asia/Kathmandu',
        paused: true,
      });
      await schedule.backfill({ from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-01T00:00:00Z') });
      await expect.poll(() => sources.length, { timeout: 50_000 }).toBe(1401);
      const [job] = (await schedule.describe()).recent;
      const handle = jobs.getHandle(job?.jobId ?? '');
      expect((await handle.result()).output).toMatchObject({ succeeded: 1400 });
      const { raw } = await temporal.client.workflow.getHandle(handle.jobId).describe();
      expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
      await schedule.delete();
    });
    expect(new Set(sources)).toEqual(new Set(['/models/2026-03-01T054500']));
  });
});

function jobId(name: string): string {
  return `slots-${name}-${temporal.taskQueue}`;
}

/** Runs `work` with a worker whose search for inputs is real. */
function withRealInputs<T>(work: () => Promise<T>): Promise<T> {
  return temporal.withWorker(
    { ...fakeActivities(), awaitInputs: openActivities(configIn(folder)).activities.awaitInputs },
    work,
  );
}

function start(name: string, path: string, options: JobOptions) {
  const inputs = [{ kind: 'localPath' as const, value: path }];
  return jobs.start({ id: jobId(name), kind: 'Inference', backend: 'onnx', spec, inputs, options });
}

async function attempts(id: string): Promise<number> {
  await sleep(20);
  const { raw } = await temporal.client.workflow.getHandle(id).describe();
  return raw.pendingActivities?.[0]?.attempt ?? 0;
}

/** Activities that keep the source of what they are asked to work on. */
function sourcesOf(...names: (keyof Activities)[]): { activities: Activities; sources: string[] } {
  const sources: string[] = [];
  const activities = fakeActivities();
  const entries = names.map((name) => {
    const run = (given: unknown): Promise<unknown> =>
      (activities as unknown as Record<string, typeof run>)[name]!(given);
    const keeping = (given: { request: ModelAccessJobRequest } | ModelAccessJobRequest) => {
      const { source } = 'request' in given ? given.request.spec : given.spec;
      if (source.kind === 'local_path') sources.push(source.path);
      return run(given);
    };
    return [name, keeping];
  });
  return { activities: { ...activities, ...(Object.fromEntries(entries) as Partial<Activities>) }, sources };
}
