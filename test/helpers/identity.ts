import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { openActivities } from '../../activities/index.js';
import { startHub } from '../../demo/hub/index.js';
import { parseModelAccessJobRequest, type ModelAccessJobRequest, type ShardPlan } from '../../planner/index.js';
import { activityEnvironment, configIn, temporaryFolder } from './activity.js';

const demoModel = fileURLToPath(new URL('../../demo/model/afinn-sentiment', import.meta.url));

const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];

export const hubSource = (repo_id: string, revision = 'main') => ({ kind: 'hugging_face', repo_id, revision });

/** The demo's model with labels of its own, by which its answers tell which model gave them. */
export async function labelModel(folder: string, positive: string, { inPlace = false } = {}): Promise<void> {
  const config = join(folder, 'config.json');
  const text = (await readFile(config, 'utf8')).replaceAll(/"[A-Z]+": 1\b/g, `"${positive}": 1`);
  const labelled = text.replaceAll(/"1": "[A-Z]+"/g, `"1": "${positive}"`);
  if (!inPlace) await rm(config);
  await writeFile(config, labelled);
}

/**
 * A hub with `demo/a` (labels POSITIVE) and `demo/b` (labels OTHER), a folder `mine` (labels MINE), and workers on homes
 * of their own. Nothing stands in for the model.
 */
export async function identityBox() {
  const folder = await temporaryFolder();
  const at = (name: string): string => join(folder, name);
  for (const name of ['a', 'b', 'mine']) await cp(demoModel, at(name), { recursive: true });
  await labelModel(at('b'), 'OTHER');
  await labelModel(at('mine'), 'MINE');
  const hub = await startHub({ repos: { 'demo/a': { folder: at('a') }, 'demo/b': { folder: at('b') } } });
  onTestFinished(() => hub.close());

  /** A worker with a home and a cache of its own. */
  const openWorker = (name: string) => {
    const base = configIn(at(name), { roots: [folder] });
    const config = { ...base, hub: { ...base.hub, endpoint: hub.url } };
    const { activities, close } = openActivities(config);
    onTestFinished(close);
    const inJob = (workflowId: string) => {
      const job = { workflowExecution: { workflowId, runId: 'run' } };
      return <Input, Output>(activity: (input: Input) => Promise<Output>, input: Input): Promise<Output> =>
        activityEnvironment(job).environment.run(activity, input);
    };
    return { config, activities, inJob, run: inJob('job') };
  };

  const request = (kind: string, source: object, overrides: Record<string, unknown> = {}): ModelAccessJobRequest => {
    const { name = 'm', ...rest } = overrides;
    const spec = { name, task: 'text_classification', source, files: files.map((required) => ({ required })) };
    return parseModelAccessJobRequest({ kind, backend: 'onnx', spec, ...rest });
  };

  /** The label that a model gives to a happy text. */
  const labelOf = async (worker: ReturnType<typeof openWorker>, source: object, overrides = {}): Promise<string> => {
    const inputs = [{ kind: 'json', value: 'I love this' }];
    const wanted = request('Inference', source, { inputs, ...overrides });
    const { outputs } = await worker.run(worker.activities.runInference, wanted);
    return (outputs as { label: string }[])[0]?.label ?? '';
  };

  /** Lets the `main` of `demo/a` be another commit, whose answers have another label. */
  const moveMain = async (label: string): Promise<void> => {
    await cp(at('a'), at(label), { recursive: true });
    await labelModel(at(label), label);
    hub.setRepo('demo/a', { folder: at(label) });
  };

  return { folder, at, hub, moveMain, openWorker, request, labelOf, local: { kind: 'local_path', path: at('mine') } };
}

/** The rows of a batch, cut into shards, and what runs them. */
export async function batchOf(
  box: Awaited<ReturnType<typeof identityBox>>,
  source: object,
  { rows = 4, options = {}, jobId = 'job', ...overrides }: Record<string, unknown> & { rows?: number; jobId?: string },
) {
  const data = box.at('rows.jsonl');
  await writeFile(data, '"I love this"\n'.repeat(rows));
  const batch = { shardSize: rows / 2, ...(options as object) };
  const inputs = [{ kind: 'localPath', value: data }];
  const request = box.request('BatchInference', source, { inputs, options: { batch }, ...overrides });
  type Worker = ReturnType<typeof box.openWorker>;
  return {
    request,
    plan: (worker: Worker, runKey = 'run') => worker.inJob(jobId)(worker.activities.planShards, { request, runKey }),
    runShard: (worker: Worker, plan: ShardPlan, shard: number) =>
      worker.inJob(jobId)(worker.activities.runShard, { request: { ...request, inputs: [] }, plan, shard }),
    assemble: (worker: Worker, plan: ShardPlan) =>
      worker.inJob(jobId)(worker.activities.assembleBatch, { request, plan }),
    async labels(plan: ShardPlan) {
      const text = await readFile(join(plan.folder, 'output.jsonl'), 'utf8');
      const lines = text.trimEnd().split('\n');
      return lines.map((line) => (JSON.parse(line) as { output: { label: string } }).output.label);
    },
  };
}
