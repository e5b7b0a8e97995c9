import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it, onTestFailed } from 'vitest';
import type { BatchStatus, ModelAccessJobResult } from '../../planner/index.js';
import { manyRows, openEndToEnd, sentimentSpec } from '../helpers/end-to-end.js';

const copies = 20;

const box = await openEndToEnd();
let rows: number;
beforeAll(async () => {
  await box.startWorker();
  await box.run({ kind: 'Download', spec: sentimentSpec(), backend: 'onnx' });
  const text = await manyRows(copies);
  rows = text.trimEnd().split('\n').length;
  await writeFile(join(box.folder, 'many.jsonl'), text);
  const some = Array.from({ length: 2000 }, (_, index) => JSON.stringify({ text: `a good day ${index}` }));
  const broken = some.map((line, index) => (index % 100 === 7 ? line.replace(':', '!') : line));
  broken[700] = '{"text"?"never right"}';
  await writeFile(join(box.folder, 'some-bad.jsonl'), `${broken.join('\n')}\n`);
});

it('a batch is paused, resumed at the same row, and given more shards at once, from the command line', async () => {
  const id = await start('steered', { concurrency: 1 });
  await expect.poll(() => rowsDone(id), patient).toBeGreaterThan(500);
  const pausedAt = Date.now();
  const paused = await steer('pause', id);
  expect(Date.now() - pausedAt).toBeLessThan(8000);
  expect(paused).toMatchObject({ phase: 'paused', running: 0, total: rows, failed: 0 });
  expect(paused.done).toBeGreaterThan(0);
  expect((await box.cli('status', undefined, id)).stdout).toContain('running (paused)');
  expect((await box.cli('pause', undefined, id)).exitCode).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect((await box.snapshot(id)).progress).toMatchObject({
    completed: paused.done,
    message: `paused: ${paused.done} succeeded, 0 failed`,
  });
  expect(await steer('concurrency', id, '3')).toMatchObject({ concurrency: 3, phase: 'paused' });
  expect(await steer('resume', id)).toMatchObject({ phase: 'running', running: 3, done: paused.done });
  const result = JSON.parse((await box.cli('result', undefined, id, '--json')).stdout) as ModelAccessJobResult;
  expect(result.output).toMatchObject({ inputCount: rows, succeeded: rows, failed: 0 });
  expect(await indexesOf(result)).toEqual(Array.from({ length: rows }, (_, index) => index));
});

it('the rows that failed are run again, and all rows stand in the outputs in order; those that were mended with what they are now', async () => {
  const id = await start('some-fail', { shardSize: 500 }, 'some-bad.jsonl');
  const first = await box.cli('result', undefined, id, '--json');
  expect(first.exitCode).toBe(0);
  const file = join(box.folder, 'some-bad.jsonl');
  const bad = await readFile(file, 'utf8');
  await writeFile(file, bad.replace('a good day 0', 'a bad night 0'));
  const refused = await box.cli('retry-failed', undefined, id, '--json');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/row 0 \(.*some-bad\.jsonl:1\) has succeeded, and is not what it was/);
  await writeFile(file, bad.replaceAll('"text"!', '"text" : '));
  const fixed = join(box.folder, 'fixed.jsonl');
  await writeFile(fixed, '{"index":700,"input":"right at last"}');
  const retried = await box.cli('retry-failed', undefined, id, '--json');
  expect(retried.exitCode, retried.stderr).toBe(0);
  const result = JSON.parse(retried.stdout) as ModelAccessJobResult;
  expect(result.output).toMatchObject({
    inputCount: 2000,
    succeeded: 1999,
    failed: 1,
  });
  const again = await box.cli('retry-failed', undefined, `${id}-retry-1`, '--input', fixed, '--json');
  expect(again.exitCode, again.stderr).toBe(0);
  const all = JSON.parse(again.stdout) as ModelAccessJobResult;
  expect(await indexesOf(all)).toEqual(Array.from({ length: 2000 }, (_, index) => index));
});

it('a batch that is cancelled says how far it came, and keeps what is done', async () => {
  const id = await start('stopped', { shardSize: 500, concurrency: 2 });
  await expect.poll(() => rowsDone(id), patient).toBeGreaterThan(2000);
  await box.cli('cancel', undefined, id);
  const result = await box.cli('result', undefined, id);
  expect(result.exitCode, result.stderr + result.stdout).toBe(130);
  expect(result.stderr).toMatch(
    /came as far as [\d,]+ of [\d,]+ inputs \(\d+ %\), \d+ succeeded, 0 failed; what is done is kept/,
  );
  const { artifacts } = await box.snapshot(id);
  const partial = artifacts.find((artifact) => artifact.id === 'partial');
  const list = JSON.parse(await readFile(new URL(partial!.uri!), 'utf8')) as { shards: { uri: string }[] };
  expect(list.shards.length).toBeGreaterThan(1);
  const lines = (await readFile(new URL(list.shards[0]!.uri), 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(500);
});

const patient = { timeout: 30_000, interval: 200 };

async function start(id: string, batch: object, file = 'many.jsonl'): Promise<string> {
  const request = { id, kind: 'BatchInference', spec: sentimentSpec(), backend: 'onnx', options: { batch } };
  const started = await box.cli('start', { ...request, inputs: [{ kind: 'localPath', value: file }] });
  expect(started.exitCode, started.stderr).toBe(0);
  onTestFailed(async () => {
    await box.cli('cancel', undefined, id);
  });
  return id;
}

async function indexesOf({ artifacts }: ModelAccessJobResult): Promise<number[]> {
  const output = await readFile(new URL(artifacts[0]!.uri), 'utf8');
  return output
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { index: number }).index);
}

async function rowsDone(id: string): Promise<number> {
  const { progress } = await box.snapshot(id);
  return progress?.unit === 'inputs' ? progress.completed : 0;
}

async function steer(command: string, id: string, ...args: string[]): Promise<BatchStatus> {
  const { exitCode, stdout, stderr } = await box.cli(command, undefined, id, ...args, '--json');
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as BatchStatus;
}
