import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openFile, openFolder } from '../../engine/storage/index.js';
import type { ModelAccessJobResult } from '../../planner/index.js';
import { manyRows, openEndToEnd, sentimentSpec, type RunningWorker } from '../helpers/end-to-end.js';
import { startS3Server, type S3Server } from '../helpers/s3.js';

const rows = 45_000;
const patient = { timeout: 60_000, interval: 100 };

let server: S3Server | undefined;
const box = await openEndToEnd();
const folder = join(box.folder, 'shared');
const bucket = 's3://jobs/shared';

/** The batches by where their files are; both run at the same time, and lose the same worker. */
const running = new Map<string, Promise<ModelAccessJobResult>>();

beforeAll(async () => {
  server = await startS3Server();
  await server?.bucket('jobs');
  const text = Buffer.from(await manyRows(15));
  const [, second] = await Promise.all([startHost('one'), startHost('two')]);
  const places = [folder, ...(server ? [bucket] : [])];
  for (const shared of places) {
    await openFolder(shared).write('in/rows.jsonl', [text]);
    running.set(shared, box.run(batchOver(shared)));
  }
  for (const shared of places) {
    await vi.waitFor(async () => expect(await doneOf(shared)).toBeGreaterThan(rows / 10), patient);
  }
  const done = await Promise.all(places.map(doneOf));
  await second.kill();
  expect(Math.max(...done)).toBeLessThan(rows);
}, 20 * 60_000);

afterAll(async () => {
  await server?.stop();
});

describe('a batch on workers that share no home', () => {
  it.for([['a folder', folder] as const, ['S3', bucket] as const])(
    'answers each row once over %s, though one of them is killed',
    async ([, shared], { skip }) => {
      const { output, artifacts } = await (running.get(shared) ?? skip());
      expect(output).toMatchObject({ inputCount: rows, succeeded: rows, failed: 0 });
      const [file] = artifacts;
      const location = shared === bucket ? file!.uri : fileURLToPath(file!.uri);
      expect(location).toMatch(new RegExp(`^${shared}/out/${idOf(shared)}/run-[^/]+/output\\.jsonl$`));
      const plain = await linesOf(`${shared}/out/${idOf(shared)}/output.jsonl`);
      expect(plain).toEqual(await linesOf(location));
      const indexes = plain.map((line) => (JSON.parse(line) as { index: number }).index);
      expect(indexes).toEqual(Array.from({ length: rows }, (_, index) => index));
    },
  );
});

function startHost(name: string): Promise<RunningWorker> {
  return box.startWorker({
    MODEL_JOBS_HOME: join(box.folder, `home-${name}`),
    HF_HUB_CACHE: join(box.folder, `hub-${name}`),
    MODEL_JOBS_ROOTS: server ? `${box.folder}:s3://jobs` : box.folder,
    ...server?.env,
  });
}

function idOf(shared: string): string {
  return shared === bucket ? 'hosts-s3' : 'hosts-folder';
}

function batchOver(shared: string): object {
  return {
    id: idOf(shared),
    kind: 'BatchInference',
    spec: sentimentSpec(),
    backend: 'onnx',
    inputs: [{ kind: 'localPath', value: `${shared}/in/` }],
    options: { batch: { output: `${shared}/out`, shardSize: 3000 } },
  };
}

async function doneOf(shared: string): Promise<number> {
  const { progress } = await box.snapshot(idOf(shared));
  return progress?.unit === 'inputs' ? progress.completed : 0;
}

async function linesOf(location: string): Promise<string[]> {
  const { folder, name } = openFile(location);
  const pieces: Buffer[] = [];
  for await (const piece of folder.read(name)) pieces.push(piece);
  return Buffer.concat(pieces).toString().trimEnd().split('\n');
}
