import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openServer, type OpenServer } from '../client/dev-server/index.js';
import { ModelJobsClient } from '../client/job-client.js';
import { startWorkerProcess, type WorkerProcess } from '../client/processes/worker-process.js';
import { checkout } from './real-model.js';

/**
 * Whether each row of a batch stands exactly once in its output or its errors, with two workers of separate homes on
 * one shared folder, one of them killed with SIGKILL at ten random moments, and the server restarted once.
 * Exit code 1 where a row is missing, doubled or out of order.
 */
const rows = Number(process.argv[2] ?? 60_000);
const kills = 10;
const badEvery = 997;
const jobId = 'exactly-once';

const home = await mkdtemp(join(tmpdir(), 'model-jobs-once-'));
const module = fileURLToPath(new URL('./batch/slow-runtime.js', import.meta.url));
const env = (name: string, address: string): NodeJS.ProcessEnv => ({
  ...process.env,
  TEMPORAL_ADDRESS: address,
  MODEL_JOBS_TASK_QUEUE: jobId,
  MODEL_JOBS_HOME: join(home, name),
  MODEL_JOBS_ROOTS: [home, checkout].join(delimiter),
  MODEL_JOBS_RUNTIMES: `slow=${module}`,
  MODEL_JOBS_LOG_LEVEL: 'fatal',
});

try {
  process.exitCode = (await check()) ? 0 : 1;
} finally {
  await rm(home, { recursive: true, force: true });
}

async function check(): Promise<boolean> {
  await writeRows();
  let server = await serve();
  const { address } = server;
  const workers = ['one', 'two'].map((name) => startWorker(name, address));
  const client = await ModelJobsClient.connect({ env: env('client', address) });
  try {
    const handle = await client.start({
      id: jobId,
      kind: 'BatchInference',
      backend: { custom: 'slow' },
      spec: { name: 'slow', task: { custom: 'slow' }, source: { kind: 'local_path', path: home }, files: [] },
      inputs: [{ kind: 'localPath', value: join(home, 'rows.jsonl') }],
      options: { batch: { output: join(home, 'shared'), concurrency: 4 } },
    });
    const ended = handle.result();
    ended.catch(() => undefined);
    for (let kill = 0; kill < kills; kill++) {
      await sleep(1000 + Math.random() * 4000);
      const at = kill % workers.length;
      workers[at]?.signal('SIGKILL');
      await workers[at]?.exited;
      workers[at] = startWorker(at === 0 ? 'one' : 'two', address);
      console.log(`killed worker ${at + 1} of ${workers.length} at ${(await doneOf(client)) ?? '?'} rows`);
      if (kill !== Math.floor(kills / 2)) continue;
      await server.stop();
      server = await serve(Number(address.split(':')[1]));
      console.log('restarted the server');
    }
    const { artifacts, output } = await ended;
    console.log(`the job ended: ${JSON.stringify(output)}`);
    return await judge(artifacts.map(({ uri }) => fileURLToPath(uri)));
  } finally {
    await client.close();
    for (const worker of workers) worker.signal('SIGTERM');
    await Promise.all(workers.map(({ exited }) => exited));
    await server.stop();
  }
}

function serve(port = 0): Promise<OpenServer> {
  const report = (line: string): void => console.error(line);
  return openServer({ home: join(home, 'server'), port, uiPort: 0, env: process.env, report });
}

function startWorker(name: string, address: string): WorkerProcess {
  return startWorkerProcess({ env: env(name, address), onLine: () => undefined });
}

async function doneOf(client: ModelJobsClient): Promise<number | undefined> {
  return client
    .getHandle(jobId)
    .snapshot()
    .then(
      ({ progress }) => progress?.completed,
      () => undefined,
    );
}

async function writeRows(): Promise<void> {
  const lines = Array.from({ length: rows }, (_, row) =>
    row % badEvery === 0 ? `not JSON ${row}\n` : `${JSON.stringify({ custom_id: `row-${row}`, input: row })}\n`,
  );
  await writeFile(join(home, 'rows.jsonl'), lines.join(''));
}

async function judge([output = '', errors = '']: readonly string[]): Promise<boolean> {
  const good = await indexesOf(output);
  const bad = await indexesOf(errors);
  const expectedBad = Array.from({ length: rows }, (_, row) => row).filter((row) => row % badEvery === 0);
  const all = new Set([...good, ...bad]);
  const faults = {
    missing: rows - all.size,
    doubled: good.length + bad.length - all.size,
    disordered: good.filter((row, at) => at > 0 && row <= (good[at - 1] ?? -1)).length,
    wronglyBad: bad.filter((row) => row % badEvery !== 0).length + Math.abs(expectedBad.length - bad.length),
  };
  const passed = Object.values(faults).every((count) => count === 0);
  console.log(`${good.length} rows in output, ${bad.length} in errors, of ${rows}: ${JSON.stringify(faults)}`);
  console.log(passed ? 'exactly once: passed' : 'exactly once: FAILED');
  return passed;
}

async function indexesOf(path: string): Promise<number[]> {
  const indexes: number[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    indexes.push((JSON.parse(line) as { index: number }).index);
  }
  return indexes;
}
