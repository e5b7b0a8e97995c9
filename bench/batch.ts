import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { totalActions } from './count-actions.js';
import { runBatchJob, type BatchCost } from './batch/run-job.js';
import { peer, ratio } from './peers.js';
import { realModel, realModelSpec } from './real-model.js';
import { withStack, type Stack } from './stack.js';

/**
 * Whole BatchInference jobs on a real server: a real model against the bare runtime pool over the same rows, and the
 * machinery alone, with a model that costs nothing, at growing numbers of rows.
 *
 * Arguments: `model`, `machinery`, or nothing for both.
 */
const repeats = 10;
const growth = [10_000, 100_000, 1_000_000];
const heartbeatSeconds = 3;

const wanted = process.argv.slice(2);
if (wanted.length === 0 || wanted.includes('machinery')) await inFolder(machinery);
if (wanted.length === 0 || wanted.includes('model')) await inFolder(realBatch);

async function machinery(home: string): Promise<void> {
  const module = fileURLToPath(new URL('./batch/noop-runtime.js', import.meta.url));
  await withStack({ home, env: { MODEL_JOBS_RUNTIMES: `noop=${module}` } }, async (stack) => {
    await batchOf(stack, home, 1000);
    for (const rows of growth) printCost(await batchOf(stack, home, rows));
  });
}

async function batchOf(stack: Stack, home: string, rows: number): Promise<BatchCost> {
  const file = join(home, `rows-${rows}.jsonl`);
  await writeRows(file, rows);
  return runBatchJob(stack, {
    id: `noop-${rows}`,
    kind: 'BatchInference',
    backend: { custom: 'noop' },
    spec: { name: 'noop', task: { custom: 'noop' }, source: { kind: 'local_path', path: home }, files: [] },
    inputs: [{ kind: 'localPath', value: file }],
  });
}

async function realBatch(home: string): Promise<void> {
  const model = await realModel();
  if (!model) return;
  const file = join(home, 'sentences.jsonl');
  const lines = model.sentences.map((input) => `${JSON.stringify(input)}\n`).join('');
  await writeFile(file, lines.repeat(repeats));
  const bare = await peer('ours', String(repeats));
  const whole = await withStack({ home, roots: [dirname(model.folder)] }, async (stack) => {
    const request = { kind: 'BatchInference', backend: 'onnx', spec: realModelSpec(model.folder) } as const;
    await stack.client.execute({ ...request, kind: 'Warmup' });
    return runBatchJob(stack, { ...request, id: 'real', inputs: [{ kind: 'localPath', value: file }] });
  });
  const perSecond = { bare: bare.rows / bare.seconds, whole: whole.rows / whole.seconds };
  printCost(whole);
  console.log(
    `a real model, ${whole.rows} rows: the job ${Math.round(perSecond.whole)} rows/s, ` +
      `the bare pool ${Math.round(perSecond.bare)} rows/s, ratio ${ratio(perSecond.whole, perSecond.bare)}`,
  );
}

function printCost({ rows, seconds, actions, runs, events, bytes, memoryBytes }: BatchCost): void {
  // Four shards run at once; the SDK lets a heartbeat through at most so often.
  const heartbeats = Math.ceil((seconds / heartbeatSeconds) * 4);
  console.log(
    `${rows} rows in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s; ` +
      `${totalActions(actions)} Actions ${JSON.stringify(actions)} and at most ${heartbeats} heartbeats; ` +
      `${runs} runs of at most ${events} events and ${Math.round(bytes / 1024)} KiB; ` +
      `worker ${Math.round(memoryBytes / 1e6)} MB`,
  );
}

async function writeRows(file: string, rows: number): Promise<void> {
  const stream = createWriteStream(file);
  const group = 10_000;
  for (let from = 0; from < rows; from += group) {
    const lines = Array.from({ length: Math.min(group, rows - from) }, (_, at) => {
      const text = `row number ${from + at} of a data set whose rows are about as long as a sentence is`;
      return `${JSON.stringify({ custom_id: `row-${from + at}`, input: text })}\n`;
    });
    if (!stream.write(lines.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}

async function inFolder(work: (home: string) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'model-jobs-batch-'));
  try {
    await work(home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
