import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFile, openFolder } from '../../../engine/storage/index.js';
import type { ArtifactRef, ShardPlan } from '../../../planner/index.js';
import { modelBox } from '../../helpers/model.js';
import { startS3Server, type S3Server } from '../../helpers/s3.js';

let server: S3Server | undefined;
let outputs = 0;

beforeAll(async () => {
  server = await startS3Server();
  await server?.bucket('batches');
  const folder = openFolder('s3://batches/in');
  await folder.write('a.jsonl', [Buffer.from(rowsOf(0, 300))]);
  await folder.write('b.jsonl.gz', [gzipSync(rowsOf(300, 200))]);
  await folder.write('c.csv', [Buffer.from('custom_id,input\nrow-500,love\nrow-501,hate\n')]);
  await folder.write('notes.txt', [Buffer.from('no data')]);
  await folder.write('deeper/d.jsonl', [Buffer.from('"not there"\n')]);
}, 20 * 60_000);

afterAll(() => server?.stop());

describe.each(['a folder', 'S3'])('a batch whose outputs go to %s', (kind) => {
  it('is run by workers that share nothing else', async ({ skip }) => {
    if (!server) skip();
    const { first, second, output } = await twoWorkers(kind);
    const request = first.batch('s3://batches/in/', { output, shardSize: 100 });
    const plan = await first.run(first.activities.planShards, { request, runKey: 'run' });
    expect(plan).toMatchObject({ folder: `${output}/job/run-run`, rows: 502, shards: 6 });
    for (let shard = 0; shard < plan.shards; shard++) {
      const { run, activities } = shard % 2 === 0 ? first : second;
      expect(await run(activities.runShard, { request: { ...request, inputs: [] }, plan, shard })).toMatchObject({
        failed: 0,
      });
    }
    const done = await second.run(second.activities.assembleBatch, { request, plan });
    expect(done).toMatchObject({ succeeded: 502, failed: 0, missingShards: [] });
    const lines = (await textOf(`${output}/job/output.jsonl`)).trimEnd().split('\n');
    const found = lines.map((line) => JSON.parse(line) as { index: number; custom_id: string });
    expect(found.map(({ index, custom_id }) => [index, custom_id])).toEqual(
      Array.from({ length: 502 }, (_, row) => [row, `row-${row}`]),
    );
    expect(await textOf(`${output}/job/errors.jsonl`)).toBe('');
    const manifest = JSON.parse(await textOf(`${output}/job/_SUCCESS.json`)) as unknown;
    expect(manifest).toMatchObject({ rows: 502, succeeded: 502, failed: 0, artifacts: done.artifacts });
    expect(done.artifacts.map(({ id, uri }) => [id, uri])).toEqual([
      ['output', uriOf(`${output}/job/run-run/output.jsonl`)],
      ['errors', uriOf(`${output}/job/run-run/errors.jsonl`)],
    ]);
    if (kind === 'S3') expect(await filesBelow(join(first.folder, 'home/jobs'))).toEqual([]);
  });

  it('may give a table, and the rows of the next batch', async ({ skip }) => {
    if (!server) skip();
    const { first, output } = await twoWorkers(kind);
    const runAll = async (request: ReturnType<typeof first.batch>, runKey: string) => {
      const plan: ShardPlan = await first.run(first.activities.planShards, { request, runKey });
      for (let shard = 0; shard < plan.shards; shard++)
        await first.run(first.activities.runShard, { request, plan, shard });
      return first.run(first.activities.assembleBatch, { request, plan });
    };
    const table = first.batch('s3://batches/in/c.csv', { output, outputFormat: 'parquet' });
    const { artifacts } = await runAll(table, 'table');
    const bytes = await bytesOf(`${output}/job/output.parquet`);
    const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
    expect(rows.map(({ custom_id, output: { label } }) => [custom_id as string, label as string])).toEqual([
      ['row-500', 'POSITIVE'],
      ['row-501', 'NEGATIVE'],
    ]);
    expect(artifacts[0]).toMatchObject({ mediaType: 'application/vnd.apache.parquet', sizeBytes: bytes.length });

    const lines = await runAll(first.batch('s3://batches/in/c.csv', { output }), 'lines');
    const next = await runAll(first.batch(lines.artifacts[0]!, { output: `${output}/next` }), 'next');
    // The outputs are objects, which this model does not read.
    expect(next).toMatchObject({ succeeded: 0, failed: 2 });
  });
});

describe('a batch on S3', () => {
  it('is refused outside the roots of the operator', async ({ skip }) => {
    if (!server) skip();
    const { first } = await twoWorkers('S3');
    const plan = (input: string, output: string): Promise<unknown> =>
      first.run(first.activities.planShards, { request: first.batch(input, { output }), runKey: 'run' });
    await expect(plan('s3://others/in/', 's3://batches/out')).rejects.toMatchObject({
      type: 'PermissionDenied',
      message: expect.stringMatching(/inputs\[0\]\.value .*MODEL_JOBS_ROOTS/) as string,
    });
    await expect(plan('s3://batches/in/', 's3://others/out')).rejects.toMatchObject({
      type: 'PermissionDenied',
      message: expect.stringMatching(/options\.batch\.output .*MODEL_JOBS_ROOTS/) as string,
    });
  });

  it('names what is not there', async ({ skip }) => {
    if (!server) skip();
    const { first } = await twoWorkers('S3');
    const plan = (input: string): Promise<unknown> =>
      first.run(first.activities.planShards, { request: first.batch(input, {}), runKey: 'run' });
    await expect(plan('s3://batches/in/none.jsonl')).rejects.toMatchObject({ type: 'NotFound' });
    await expect(plan('s3://batches/none/')).rejects.toThrow(/holds no \.jsonl/);
  });

  it('leaves nothing but its request of a plan that fails', async ({ skip }) => {
    if (!server) skip();
    const { first, output } = await twoWorkers('S3');
    await openFolder('s3://batches/twice').write('a.csv', [Buffer.from('custom_id,input\nx,1\nx,2\n')]);
    const request = first.batch('s3://batches/twice/a.csv', { output });
    await expect(first.run(first.activities.planShards, { request, runKey: 'run' })).rejects.toThrow(
      '"x" stands in s3://batches/twice/a.csv:2 and in s3://batches/twice/a.csv:3',
    );
    const left: string[] = [];
    for await (const { name } of openFolder(output).list('')) left.push(name);
    expect(left).toEqual(['job/run-run/request.json']);
    expect(await filesBelow(join(first.folder, 'home/jobs'))).toEqual([]);
  });
});

/** Two workers with homes of their own; the second one sees the first one's model. */
it('a batch ends whose object on S3 is replaced by one of equal length, unless it was put there again as it was', async ({
  skip,
}) => {
  if (!server) skip();
  const { first, output } = await twoWorkers('S3');
  const folder = openFolder('s3://batches/replaced');
  const text = rowsOf(0, 20);
  await folder.write('a.jsonl', [Buffer.from(text)]);
  const request = first.batch('s3://batches/replaced/a.jsonl', { output, shardSize: 10 });
  const plan = await first.run(first.activities.planShards, { request, runKey: 'run' });
  const run = (shard: number) =>
    first.run(first.activities.runShard, { request: { ...request, inputs: [] }, plan, shard });
  await folder.write('a.jsonl', [Buffer.from(text)]);
  expect(await run(0)).toMatchObject({ succeeded: 10 });
  await folder.write('a.jsonl', [Buffer.from(text.replace('wonderful 15', 'wonderful 99'))]);
  await expect(run(1)).rejects.toMatchObject({
    type: 'IntegrityError',
    message: expect.stringMatching(/replaced\/a\.jsonl` changed .* lines 11 to 20 are not what they were/) as string,
  });
});

async function twoWorkers(kind: string) {
  const bucket = 's3://batches';
  const first = await modelBox('model', {}, { roots: [bucket] });
  const second = await modelBox('model', {}, { roots: [bucket, first.folder] });
  const output = kind === 'S3' ? `${bucket}/out-${outputs++}` : join(first.folder, 'shared');
  const batch = (input: string | ArtifactRef, options: Record<string, unknown>) =>
    first.request('BatchInference', {
      inputs: [typeof input === 'string' ? { kind: 'localPath', value: input } : { kind: 'artifact', value: input }],
      options: { batch: options },
    });
  return { first: { ...first, batch }, second, output };
}

function rowsOf(from: number, count: number): string {
  return Array.from({ length: count }, (_, at) => {
    const row = from + at;
    return `${JSON.stringify({ custom_id: `row-${row}`, input: `wonderful ${row}` })}\n`;
  }).join('');
}

async function bytesOf(location: string): Promise<Buffer> {
  const { folder, name } = openFile(location);
  const pieces: Buffer[] = [];
  for await (const piece of folder.read(name)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function textOf(location: string): Promise<string> {
  return (await bytesOf(location)).toString();
}

function uriOf(location: string): string {
  const { folder, name } = openFile(location);
  return folder.uriOf(name);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
