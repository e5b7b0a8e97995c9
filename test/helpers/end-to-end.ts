import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, inject } from 'vitest';
import { ModelJobsClient } from '../../client/job-client.js';
import { startHub, type Hub } from '../../demo/hub/index.js';
import type { JobSnapshot, ModelAccessJobResult } from '../../planner/index.js';
import { noise, writeFiles } from './transfer.js';

const built = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const sentences = new URL('../../demo/data/sentences.jsonl', import.meta.url);
const modelFolder = fileURLToPath(new URL('../../demo/model/afinn-sentiment', import.meta.url));

/** The size of the large repository’s one file, in bytes: three ranges, each held to a megabyte a second. */
export const largeBytes = 24_000_000;

/** A worker that runs as its users run it. */
export interface RunningWorker {
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** The built CLI and worker, on the shared server, with a hub, a home and a task queue of their own. */
export interface EndToEnd {
  folder: string;
  hub: Hub;
  /** Runs the CLI with a request in a file, or with further arguments only. */
  cli(
    command: string,
    request?: object,
    ...args: string[]
  ): Promise<{ exitCode?: number; stdout: string; stderr: string }>;
  /** Runs a job and reads its result. */
  run(request: object): Promise<ModelAccessJobResult>;
  /** Asks without a process of its own, so that a test may ask often. */
  snapshot(jobId: string): Promise<JobSnapshot>;
  /** @param variables further ones of this worker’s environment */
  startWorker(variables?: Record<string, string>): Promise<RunningWorker>;
}

/**
 * For the tests of one file; its workers end with them.
 *
 * @param variables further ones of the CLI’s and the worker’s environment
 */
export async function openEndToEnd(variables: Record<string, string> = {}): Promise<EndToEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'model-jobs-e2e-'));
  await writeFiles(join(folder, 'large'), { 'weights.bin': noise(largeBytes) });
  const hub = await startHub({
    repos: { 'demo/afinn-sentiment': { folder: modelFolder }, 'demo/large': { folder: join(folder, 'large') } },
    bytesPerSecond: 1_000_000,
  });
  await hub.commit('demo/large');
  const address = inject('temporalAddress');
  const taskQueue = `e2e-${randomUUID()}`;
  const connection = await Connection.connect({ address });
  const jobs = new ModelJobsClient({ client: new Client({ connection }), taskQueue });
  const { MODEL_JOBS_SAVE_HISTORIES: _save, ...ours } = process.env;
  const env = {
    ...ours,
    TEMPORAL_ADDRESS: address,
    MODEL_JOBS_TASK_QUEUE: taskQueue,
    MODEL_JOBS_HOME: join(folder, 'home'),
    MODEL_JOBS_ROOTS: folder,
    MODEL_JOBS_COMMANDS: '/bin/sh',
    HF_ENDPOINT: hub.url,
    HF_HUB_CACHE: join(folder, 'hub'),
    ...variables,
  };
  const workers = new Set<RunningWorker>();
  const box: EndToEnd = {
    folder,
    hub,
    async cli(command, request, ...args) {
      const file = join(folder, `${randomUUID()}.json`);
      if (request) await writeFile(file, JSON.stringify(request));
      const all = [built('client/cli/main.js'), command, ...(request ? [file] : []), ...args];
      return execa(process.execPath, all, { env, extendEnv: false, reject: false, cwd: folder });
    },
    async run(request) {
      const { exitCode, stdout, stderr } = await box.cli('run', request, '--json');
      if (exitCode !== 0) throw new Error(`exit code ${exitCode ?? 'none'}: ${stdout}\n${stderr}`);
      return JSON.parse(stdout) as ModelAccessJobResult;
    },
    snapshot: (jobId) => jobs.getHandle(jobId).snapshot(),
    async startWorker(variables = {}) {
      const child = execa(process.execPath, [built('worker/main.js')], {
        env: { ...env, ...variables },
        extendEnv: false,
        reject: false,
        cwd: folder,
      });
      await new Promise<void>((resolve, reject) => {
        createInterface({ input: child.stderr }).on('line', (line) => {
          if (line.includes('"worker started"')) resolve();
        });
        void child.then(({ stderr }) => reject(new Error(`the worker ended: ${stderr}`)));
      });
      const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
        workers.delete(worker);
        child.kill(signal);
        await child;
      };
      const worker: RunningWorker = { stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
      workers.add(worker);
      return worker;
    },
  };
  afterAll(async () => {
    await Promise.all([...workers].map((worker) => worker.stop()));
    await connection.close();
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });
  return box;
}

/** The demo's 3,000 rows, many times over, each with a `custom_id` of its own. */
export async function manyRows(copies: number): Promise<string> {
  const text = await readFile(sentences, 'utf8');
  const copyOf = (_: unknown, copy: number): string => text.replaceAll('"sentence-', `"${copy}-sentence-`);
  return Array.from({ length: copies }, copyOf).join('');
}

/** A spec of the demo's model. */
export function sentimentSpec(name = 'demo/afinn-sentiment') {
  return {
    name,
    task: 'text_classification',
    source: { kind: 'hugging_face', repo_id: 'demo/afinn-sentiment', revision: 'main' },
    files: [
      { required: 'config.json' },
      { required: 'tokenizer.json' },
      { required: 'tokenizer_config.json' },
      { first_available: ['onnx/model_quantized.onnx', 'onnx/model.onnx'] },
    ],
  };
}

/** A spec of one file that takes the hub some seconds. */
export function largeSpec(name: string) {
  return {
    name,
    task: 'text_classification',
    source: { kind: 'hugging_face', repo_id: 'demo/large', revision: 'main' },
    files: [{ required: 'weights.bin' }],
  };
}
