import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFile, openFolder } from '../../engine/storage/index.js';
import { manyRows, openEndToEnd, sentimentSpec, type RunningWorker } from '../helpers/end-to-end.js';
import { startS3Server, type S3Server } from '../helpers/s3.js';

const rows = 90_000;

let server: S3Server | undefined;
const box = await openEndToEnd();
let text: Buffer;

beforeAll(async () => {
  server = await startS3Server();
  await server?.bucket('jobs');
  text = Buffer.from(await manyRows(30));
}, 20 * 60_000);

afterAll(async () => {
  await server?.stop();
});

describe('a batch on workers that share no home', () => {
  it.for([['a folder', 'shared'] as const, ['S3', 's3://jobs/shared'] as const])(
    'answers each row once over %s, though one of them is killed',
    async ([kind, name], { skip }) => {
      if (kind === 'S3' && !server) skip();
      const shared = kind === 'S3' ? name : join(box.folder, name);
      await openFolder(shared).write('in/rows.jsonl', [text]);
      const workers: RunningWorker[] = [];
      for (const host of ['one', 'two']) {
        const home = join(box.folder, `home-${kind}-${host}`.replace(' ', '-'));
        const ownHub = join(box.folder, `hub-${kind}-${host}`.replace(' ', '-'));
        const roots = server ? `${box.folder}:s3://jobs` : box.folder;
        workers.push(
          await box.startWorker({
            MODEL_JOBS_HOME: home,
            HF_HUB_CACHE: ownHub,
            MODEL_JOBS_ROOTS: roots,
            ...server?.env,
          }),
        );
      }
      const id = `hosts-${kind === 'S3' ? 's3' : 'folder'}`;
      const running = box.run({
        id,
        kind: 'BatchInference',
        spec: sentimentSpec(),
        backend: 'onnx',
        inputs: [{ kind: 'localPath', value: `${shared}/in/` }],
        options: { batch: { output: `${shared}/out`, shardSize: 3000 } },
      });
      const done = async (): Promise<number> => (await box.snapshot(id)).progress?.completed ?? 0;
      await expect.poll(done, { timeout: 60_000, interval: 100 }).toBeGreaterThan(rows / 10);
      await workers[1]!.kill();
      const { output, artifacts } = await running;
      await workers[0]!.stop();
      expect(output).toMatchObject({ inputCount: rows, succeeded: rows, failed: 0 });
      const [file] = artifacts;
      const location = kind === 'S3' ? file!.uri : fileURLToPath(file!.uri);
      expect(location).toMatch(new RegExp(`^${shared}/out/${id}/run-[^/]+/output\\.jsonl$`));
      const plain = await linesOf(`${shared}/out/${id}/output.jsonl`);
      expect(plain).toEqual(await linesOf(location));
      const indexes = plain.map((line) => (JSON.parse(line) as { index: number }).index);
      expect(indexes).toEqual(Array.from({ length: rows }, (_, index) => index));
    },
  );
});

async function linesOf(location: string): Promise<string[]> {
  const { folder, name } = openFile(location);
  const pieces: Buffer[] = [];
  for await (const piece of folder.read(name)) pieces.push(piece);
  return Buffer.concat(pieces).toString().trimEnd().split('\n');
}
