import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHub, type Hub } from '../demo/hub/index.js';
import type { ModelAccessJobRequestInput } from '../planner/index.js';
import { withEmptyJobs } from './jobs/empty-job.js';
import { median } from './peers.js';
import { withStack, type Stack } from './stack.js';

/**
 * What small jobs take on a real server, beside an empty workflow on the same one: a Download of few and of many files,
 * the same again when all is there, and an Inference whose model is loaded.
 *
 * Argument: how often each is measured.
 */
const rounds = Number(process.argv[2] ?? 10);
const repos = { 'bench/two': 2, 'bench/many': 2500 };
const fileBytes = 4096;

type Repo = keyof typeof repos;

const home = await mkdtemp(join(tmpdir(), 'model-jobs-jobs-'));
const hub = await openHub();
try {
  const noop = fileURLToPath(new URL('./batch/noop-runtime.js', import.meta.url));
  const env = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: join(home, 'hub-cache'), MODEL_JOBS_RUNTIMES: `noop=${noop}` };
  await withStack({ home, env }, (stack) => withEmptyJobs(stack.address, (empty) => measure(stack, empty)));
} finally {
  await hub.close();
  await rm(home, { recursive: true, force: true });
}

async function measure({ client }: Stack, empty: () => Promise<void>): Promise<void> {
  let count = 0;
  const run = (request: ModelAccessJobRequestInput): Promise<number> =>
    timed(() => client.execute({ ...request, id: `job-${++count}` }));
  await run(inference('bench/two'));
  const first = { two: await run(download('bench/two')), many: await run(download('bench/many')) };
  hub.resetStats();
  const jobs = {
    'an empty workflow': () => timed(empty),
    'a warm Inference': () => run(inference('bench/two')),
    'a Download of 2 files again': () => run(download('bench/two')),
    'a Download of 2500 files again': () => run(download('bench/many')),
  };
  const times = await inTurn(jobs);
  const bare = median(times['an empty workflow'] ?? []);
  console.log(`2 files for the first time: ${first.two.toFixed(0)} ms; 2500: ${first.many.toFixed(0)} ms`);
  for (const [name, each] of Object.entries(times)) {
    const middle = median(each);
    console.log(
      `${name}: ${middle.toFixed(1)} ms, ${(middle - bare).toFixed(1)} more (${Math.min(...each).toFixed(1)} at least)`,
    );
  }
  console.log(`${rounds * 3} jobs asked the hub for ${JSON.stringify(hub.stats.requests)}`);
}

/** Each round runs every job, so that they share its noise. */
async function inTurn(jobs: Record<string, () => Promise<number>>): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, job] of Object.entries(jobs)) (times[name] ??= []).push(await job());
  }
  return times;
}

async function openHub(): Promise<Hub> {
  const folders = await Promise.all(
    (Object.keys(repos) as Repo[]).map(async (repo) => {
      const folder = join(home, 'repos', repo);
      await mkdir(folder, { recursive: true });
      for (const path of pathsOf(repo)) await writeFile(join(folder, path), `${repo}/${path}\n`.padEnd(fileBytes));
      return [repo, { folder }] as const;
    }),
  );
  return startHub({ repos: Object.fromEntries(folders) });
}

function pathsOf(repo: Repo): string[] {
  return Array.from({ length: repos[repo] }, (_, at) => `file-${at}.json`);
}

function download(repo: Repo): ModelAccessJobRequestInput {
  const files = pathsOf(repo).map((required) => ({ required }));
  const source = { kind: 'hugging_face', repo_id: repo, revision: 'main' } as const;
  return {
    kind: 'Download',
    backend: { custom: 'noop' },
    spec: { name: repo, task: { custom: 'noop' }, source, files },
  };
}

function inference(repo: Repo): ModelAccessJobRequestInput {
  return { ...download(repo), kind: 'Inference', inputs: [{ kind: 'json', value: 'a text' }] };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
