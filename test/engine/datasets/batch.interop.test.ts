import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ShardPlan } from '../../../planner/index.js';
import { modelBox } from '../../helpers/model.js';

interface Line {
  index: number;
  custom_id?: string;
  output?: { label: string };
  error?: { code: string; message: string };
}

const words = ['love', 'hate', 'wonderful', 'terrible'];
const sentence = (index: number): string => `${words[index % words.length]!} number ${index}`;

describe('a batch', () => {
  it('answers each row once, in the order of the data set', async () => {
    const box = await batchBox({ 'a.jsonl': rows(250), 'b.jsonl': rows(30, 250) }, { shardSize: 100 });
    const { succeeded, failed } = await box.runAll();
    expect({ succeeded, failed }).toEqual({ succeeded: 280, failed: 0 });
    const output = await box.lines('output.jsonl');
    expect(output.map(({ index }) => index)).toEqual(Array.from({ length: 280 }, (_, index) => index));
    expect(output.map(({ custom_id }) => custom_id)).toEqual(output.map(({ index }) => `row-${index}`));
    expect(output.slice(0, 4).map((line) => line.output?.label)).toEqual([
      'POSITIVE',
      'NEGATIVE',
      'POSITIVE',
      'NEGATIVE',
    ]);
  });

  it('takes values, texts of OpenAI’s batch files, blank lines and a last line without a break', async () => {
    const box = await batchBox({
      'a.jsonl': '"love"\r\n\n{"text":"hate"}\n{"custom_id":"x","body":{"text":"wonderful"}}\n{"input":"terrible"}',
    });
    await box.runAll();
    const output = await box.lines('output.jsonl');
    expect(output.map(({ index, custom_id, output }) => [index, custom_id, output?.label])).toEqual([
      [0, undefined, 'POSITIVE'],
      [1, undefined, 'NEGATIVE'],
      [2, 'x', 'POSITIVE'],
      [3, undefined, 'NEGATIVE'],
    ]);
  });

  it('makes a bad row one bad row', async () => {
    const box = await batchBox({ 'a.jsonl': '"love"\nnot json\n{"custom_id":"odd","input":7}\n"hate"\n' });
    const facts = await box.runAll();
    expect(facts).toMatchObject({ succeeded: 2, failed: 2 });
    expect((await box.lines('output.jsonl')).map(({ index }) => index)).toEqual([0, 3]);
    expect(await box.lines('errors.jsonl')).toEqual([
      {
        index: 1,
        source: expect.stringMatching(/\/data\/a\.jsonl:2$/) as string,
        error: { code: 'InvalidArgument', message: expect.stringContaining('not JSON') as string },
      },
      {
        index: 2,
        source: expect.stringMatching(/\/data\/a\.jsonl:3$/) as string,
        custom_id: 'odd',
        error: {
          code: 'InvalidArgument',
          message: expect.stringContaining('expected a string') as string,
        },
      },
    ]);
  });

  it('fails at the first bad row where the request says so, and names it', async () => {
    const box = await batchBox({ 'a.jsonl': '"love"\n{"custom_id":"odd","input":7}\n' }, { onInputError: 'fail' });
    await expect(box.runAll()).rejects.toMatchObject({
      type: 'InvalidArgument',
      message: expect.stringContaining('row 1 (odd)') as string,
    });
  });

  it('writes its manifest last, with the artifacts’ sizes and hashes', async () => {
    const box = await batchBox({ 'a.jsonl': rows(5) });
    const { artifacts } = await box.runAll();
    const manifest = JSON.parse(await readFile(join(box.jobFolder, '_SUCCESS.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ rows: 5, succeeded: 5, failed: 0, artifacts });
    expect(artifacts.map(({ id, sizeBytes }) => [id, (sizeBytes ?? 0) > 0])).toEqual([
      ['output', true],
      ['errors', false],
    ]);
  });

  it('counts a data set of no row', async () => {
    const box = await batchBox({ 'a.jsonl': '\n' });
    expect(await box.runAll()).toMatchObject({ succeeded: 0, failed: 0 });
  });
});

describe('a shard that is run again', () => {
  it('goes on after its last durable row', async () => {
    const box = await batchBox({ 'a.jsonl': rows(3000) }, { shardSize: 3000, batchSize: 8 });
    const plan = await box.plan();
    const first = box.runShard(plan, 0);
    await expect.poll(() => box.durableRows(plan, 0), { timeout: 20_000 }).toBeGreaterThan(100);
    first.cancel();
    await expect(first).rejects.toMatchObject({ name: 'CancelledFailure' });
    const done = await box.durableRows(plan, 0);

    const second = box.runShard(plan, 0);
    expect(await second).toMatchObject({ shard: 0, succeeded: 3000, failed: 0 });
    expect(second.progress.find(({ unit }) => unit === 'inputs')?.completed).toBe(done);
    expect(await box.shard(plan, 0)).toEqual(Array.from({ length: 3000 }, (_, index) => index));
  });

  it('leaves a line that was cut off behind', async () => {
    const box = await batchBox({ 'a.jsonl': rows(50) });
    const plan = await box.plan();
    await mkdir(join(plan.folder, 'shards'), { recursive: true });
    const kept = { index: 0, custom_id: 'row-0', output: 'from an earlier attempt' };
    await writeFile(join(plan.folder, 'shards/000000.jsonl.1.1.tmp.part'), `${JSON.stringify(kept)}\n{"index":1,"cus`);
    await box.runShard(plan, 0);
    expect(await box.shard(plan, 0)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(await readdir(join(plan.folder, 'shards'))).toEqual(['000000.jsonl']);
  });

  it('is only counted when it was finished', async () => {
    const box = await batchBox({ 'a.jsonl': rows(50) });
    const plan = await box.plan();
    await box.runShard(plan, 0);
    const again = box.runShard(plan, 0);
    expect(await again).toEqual({ shard: 0, succeeded: 50, failed: 0 });
    expect(again.progress).toEqual([]);
  });

  it('holds each row once though the attempt before it still works', async () => {
    const box = await batchBox({ 'a.jsonl': rows(2000) }, { shardSize: 2000 });
    const plan = await box.plan();
    await Promise.allSettled([box.runShard(plan, 0), box.runShard(plan, 0)]);
    await box.runShard(plan, 0);
    expect(await box.shard(plan, 0)).toEqual(Array.from({ length: 2000 }, (_, index) => index));
  });
});

describe('a plan of shards', () => {
  it('is made once for each run, and again for the next', async () => {
    const box = await batchBox({ 'a.jsonl': rows(10) });
    const first = await box.plan();
    await writeFile(join(box.folder, 'data/a.jsonl'), rows(20));
    expect(await box.plan()).toEqual(first);
    expect(await box.plan('next')).toMatchObject({ rows: 20 });
  });

  it('removes what plans left that were killed', async () => {
    const box = await batchBox({ 'a.jsonl.gz': gzipSync(rows(10)) });
    const scratch = join(box.jobFolder, 'run-run/plan-0badcafe');
    const staged = join(box.jobFolder, 'run-run/rows-0badcafe');
    for (const folder of [scratch, staged]) await mkdir(folder, { recursive: true });
    await writeFile(join(scratch, 'custom-ids'), 'half');
    await writeFile(join(staged, '000000.jsonl.tmp'), 'half');
    await writeFile(join(box.jobFolder, 'run-run/checks-0badcafe'), 'half');
    const plan = await box.plan();
    expect(plan).toMatchObject({ rows: 10 });
    expect(await readdir(box.jobFolder)).toEqual(['run-run']);
    const left = await readdir(plan.folder, { recursive: true, withFileTypes: true });
    const names = left.flatMap((entry) => (entry.isFile() ? [entry.name] : []));
    const checks = expect.stringMatching(/^checks-(?!0badcafe)/) as string;
    expect(names).toEqual([checks, 'index.json', 'model.json', 'request.json', '000000.jsonl']);
  });

  it('adapts the size to the data', async () => {
    const box = await batchBox({ 'a.jsonl': rows(4000) });
    expect(await box.plan()).toMatchObject({ rows: 4000, shards: 14, shardSize: 300 });
  });

  it('holds the errors of shards that were run again against the limit, before it publishes anything', async () => {
    const box = await batchBox({ 'a.jsonl': '"love"\n7\n8\n"hate"\n' }, { shardSize: 2, maxInputErrors: 1 });
    await expect(box.runAll()).rejects.toMatchObject({
      type: 'ResourceLimit',
      message: expect.stringMatching(
        /^2 of the 4 rows .* options.batch.maxInputErrors allows 1; row 1 \(.*a\.jsonl:2\): /,
      ) as string,
    });
    expect(await readdir(box.jobFolder)).toEqual(['run-run']);
    expect(await readdir(join(box.jobFolder, 'run-run'))).not.toContain('_SUCCESS.json');
  });

  it('reports shards that are missing, so that they can be run again', async () => {
    const box = await batchBox({ 'a.jsonl': rows(30) }, { shardSize: 10 });
    const plan = await box.plan();
    await box.runShard(plan, 1);
    expect(await box.assemble(plan)).toMatchObject({ missingShards: [0, 2], artifacts: [] });
  });
});

function rows(count: number, from = 0): string {
  return Array.from({ length: count }, (_, at) => {
    const index = from + at;
    return `${JSON.stringify({ custom_id: `row-${index}`, input: sentence(index) })}\n`;
  }).join('');
}

async function batchBox(files: Record<string, string | Buffer>, batch: Record<string, unknown> = {}) {
  const box = await modelBox();
  const data = join(box.folder, 'data');
  await mkdir(data);
  for (const [name, text] of Object.entries(files)) await writeFile(join(data, name), text);
  const request = box.request('BatchInference', {
    inputs: [{ kind: 'localPath', value: data }],
    options: { batch },
  });
  const jobFolder = join(box.folder, 'home/jobs/job');
  const { activities, run } = box;
  const ours = {
    ...box,
    jobFolder,
    plan: (runKey = 'run') => run((input) => activities.planShards(input), { request, runKey }),
    runShard: (plan: ShardPlan, shard: number) =>
      run((input) => activities.runShard(input), { request: { ...request, inputs: [] }, plan, shard }),
    assemble: (plan: ShardPlan) => run((input) => activities.assembleBatch(input), { request, plan }),
    async runAll() {
      const plan = await ours.plan();
      for (let shard = 0; shard < plan.shards; shard++) await ours.runShard(plan, shard);
      return ours.assemble(plan);
    },
    async durableRows(plan: ShardPlan, shard: number) {
      const folder = join(plan.folder, 'shards');
      const name = String(shard).padStart(6, '0');
      const parts = await readdir(folder).catch(() => []);
      const counts = parts.map(async (part) =>
        part.startsWith(name) ? (await readLines(join(folder, part))).length : 0,
      );
      return Math.max(0, ...(await Promise.all(counts)));
    },
    lines: (name: string) => readLines(join(jobFolder, name)),
    shard: async (plan: ShardPlan, shard: number) =>
      (await readLines(join(plan.folder, 'shards', `${String(shard).padStart(6, '0')}.jsonl`))).map(
        ({ index }) => index,
      ),
  };
  return ours;
}

async function readLines(path: string): Promise<Line[]> {
  const text = await readFile(path, 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
}
