import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ModelAccessJobRequestInput } from '../planner/index.js';
import { withEmptyJobs } from './jobs/empty-job.js';
import { median, ratio } from './peers.js';
import { proportionalBytes } from '../system/processes/proc.js';
import { withStack, type Stack } from './stack.js';

/**
 * What a command costs: jobs that run `true`, many at once and one alone, against as many workflows of one empty
 * activity on the same server; and 1 GiB of output through a job against a redirection to a file.
 *
 * Argument: how many jobs.
 */
const jobs = Number(process.argv[2] ?? 1000);
const atOnce = 50;
const alone = 20;
const outputBytes = 2 ** 30;

const home = await mkdtemp(join(tmpdir(), 'model-jobs-command-'));
try {
  const env = { MODEL_JOBS_COMMANDS: 'true:sh', MODEL_JOBS_MAX_ACTIVITIES: String(atOnce) };
  await withStack({ home, env }, (stack) =>
    withEmptyJobs(stack.address, (empty) => measure(stack, empty), 'oneActivity'),
  );
} finally {
  await rm(home, { recursive: true, force: true });
}

async function measure({ client, worker }: Stack, empty: () => Promise<void>): Promise<void> {
  let count = 0;
  const run = (command: string, args: string[] = []): Promise<unknown> =>
    client.execute(requestOf(`job-${++count}`, command, args));
  await Promise.all([run('true'), empty()]);
  const seconds = {
    empty: (await timed(() => many(empty))) / 1000,
    commands: (await timed(() => many(() => run('true')))) / 1000,
  };
  const perSecond = { empty: jobs / seconds.empty, commands: jobs / seconds.commands };
  console.log(
    `${jobs} jobs, ${atOnce} at once: ${perSecond.commands.toFixed(1)} commands a second, ` +
      `${perSecond.empty.toFixed(1)} empty workflows: ${ratio(perSecond.commands, perSecond.empty)}`,
  );
  const single = { empty: [] as number[], command: [] as number[] };
  for (let round = 0; round < alone; round++) {
    single.empty.push(await timed(empty));
    single.command.push(await timed(() => run('true')));
  }
  console.log(`one alone: ${median(single.command).toFixed(1)} ms, empty ${median(single.empty).toFixed(1)} ms`);
  const script = `head -c ${outputBytes} /dev/zero`;
  const file = join(home, 'plain');
  const plain = await timed(() => promisify(execFile)('sh', ['-c', `${script} > ${file}`]));
  await rm(file);
  const workerMb = (): string => (proportionalBytes(worker.pid ?? 0) / 1e6).toFixed(0);
  const before = workerMb();
  const through = await timed(() => run('sh', ['-c', script]));
  console.log(
    `worker ${before} MB before, ${workerMb()} MB after; 1 GiB of output: ${through.toFixed(0)} ms, to a file ${plain.toFixed(0)} ms: ${ratio(through, plain)}`,
  );
}

async function many(one: () => Promise<unknown>): Promise<void> {
  let left = jobs;
  const next = async (): Promise<void> => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}

function requestOf(id: string, command: string, args: string[]): ModelAccessJobRequestInput {
  return {
    id,
    kind: 'ExternalCommand',
    backend: 'external',
    spec: { name: 'command', task: { custom: 'none' }, source: { kind: 'external_command', command }, files: [] },
    options: { command: { args } },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
