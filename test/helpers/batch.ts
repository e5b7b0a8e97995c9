import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityConfig } from '../../activities/config.js';
import type { ModelAccessJobRequest, ModelJobInput } from '../../planner/index.js';
import { modelBox, runtimeFixture } from './model.js';

/** A line of a batch's output or error file. */
export interface BatchLine {
  index: number;
  custom_id?: string;
  output?: unknown;
  error?: { code: string; message: string; tries?: number };
  source?: string;
  input?: unknown;
}

/** A batch over one file on a runtime of the tests' own, or a Node.js program, run without a server. */
export async function batchBox(
  fixture: string,
  text: string | Uint8Array,
  {
    runtime = {},
    options = {},
    task = { custom: 'odd' },
    program,
    name = 'data.jsonl',
  }: {
    runtime?: Partial<ActivityConfig['runtime']>;
    options?: Record<string, unknown>;
    task?: unknown;
    program?: readonly string[];
    /** Of the data set's file. */
    name?: string;
  } = {},
) {
  const commands = program ? [process.execPath] : [];
  const box = await modelBox('model', { modules: { odd: runtimeFixture(fixture) }, ...runtime }, { commands });
  const data = join(box.folder, name);
  await writeFile(data, text);
  const source = program
    ? { kind: 'external_command', command: process.execPath }
    : { kind: 'local_path', path: box.folder };
  const request = box.request('BatchInference', {
    spec: { name: 'odd', task, source, files: [] },
    backend: program ? 'external' : { custom: 'odd' },
    inputs: [{ kind: 'localPath', value: data }],
    options: { ...options, ...(program && { command: { args: program } }) },
  });
  const { activities, run } = box;
  const jobFolder = join(box.folder, 'home/jobs/job');
  await mkdir(jobFolder, { recursive: true });
  /** @param only the shards that are run; the outputs are then not put together */
  async function runAll(request: ModelAccessJobRequest, runKey: string, only?: readonly number[]) {
    const plan = await run((input) => activities.planShards(input), { request, runKey });
    for (const shard of only ?? Array.from({ length: plan.shards }).keys()) {
      await run((input) => activities.runShard(input), { request: { ...request, inputs: [] }, plan, shard });
    }
    if (only) return undefined;
    return run((input) => activities.assembleBatch(input), { request, plan });
  }
  async function lines(name: string) {
    const text = (await readFile(join(jobFolder, name), 'utf8')).split('\n');
    return text.filter((line) => line !== '').map((line) => JSON.parse(line) as BatchLine);
  }
  return {
    ...box,
    data,
    request,
    jobFolder,
    runAll: (only?: readonly number[]) => runAll(request, 'run', only),
    /** Runs the rows again that have not succeeded: of the run `of`, as the run `runKey`. */
    retry({ of = 'run', runKey = 'retry', mended }: { of?: string; runKey?: string; mended?: ModelJobInput[] } = {}) {
      const retryOf = { jobId: 'job', runId: of, mended };
      return runAll(
        { ...request, options: { ...request.options, batch: { ...request.options?.batch, retryOf } } },
        runKey,
      );
    },
    /** Puts other rows in the places of some. */
    async mend(other: Record<number, string>) {
      const lines = String(text).trimEnd().split('\n');
      await writeFile(data, `${lines.map((line, index) => other[index] ?? line).join('\n')}\n`);
    },
    async file(name: string, lines: readonly string[]) {
      await writeFile(join(box.folder, name), `${lines.join('\n')}\n`);
      return { kind: 'localPath' as const, value: join(box.folder, name) };
    },
    async outputs() {
      return (await lines('output.jsonl')).map(({ index, custom_id, output }) => [index, custom_id, output]);
    },
    lines,
    async leftovers() {
      const names = await readdir(jobFolder, { recursive: true });
      return names.filter((name) => name.includes('.tmp'));
    },
  };
}
