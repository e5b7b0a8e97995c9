import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { median, peer, pythonPeer, ratio, type PeerRun } from './peers.js';
import { realModel, realModelSpec, type RealModel } from './real-model.js';
import { withStack } from './stack.js';

/**
 * Inference on a real sentence model: rows a second of the runtime pool against transformers.js, Python's onnxruntime
 * and bare onnxruntime-node, each a process of its own, in turn; and what a warm job takes beside a direct call.
 */
const rounds = Number(process.argv[2] ?? 3);
const jobs = 20;

const model = await realModel();
if (model) {
  await throughput(model);
  await latency(model);
}

async function throughput(model: RealModel): Promise<void> {
  const peers: Record<string, () => Promise<PeerRun | undefined>> = {
    ours: () => peer('ours'),
    'transformers.js': () => peer('transformers'),
    'Python onnxruntime': () => pythonPeer(model),
    'onnxruntime-node, sorted, run only': () => peer('raw'),
  };
  const perSecond: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(peers)) {
      const ran = await run();
      if (ran) (perSecond[name] ??= []).push(ran.rows / ran.seconds);
    }
  }
  const ours = median(perSecond['ours'] ?? []);
  for (const [name, values] of Object.entries(perSecond)) {
    const shown = values.map((value) => Math.round(value)).join(', ');
    console.log(
      `${name}: ${Math.round(median(values))} rows/s (${shown}); ours is ${ratio(ours, median(values))} times`,
    );
  }
}

async function latency(model: RealModel): Promise<void> {
  const texts = model.sentences.slice(0, jobs);
  const direct = await directCalls(model, texts);
  const home = await mkdtemp(join(tmpdir(), 'model-jobs-latency-'));
  try {
    const whole = await withStack({ home, roots: [dirname(model.folder)] }, async ({ client }) => {
      const request = { kind: 'Inference', backend: 'onnx', spec: realModelSpec(model.folder) } as const;
      await client.execute({ ...request, kind: 'Warmup' });
      const times: number[] = [];
      for (const [at, value] of texts.entries()) {
        const inputs = [{ kind: 'json' as const, value }];
        times.push(await timed(() => client.execute({ ...request, id: `latency-${at}`, inputs })));
      }
      return times;
    });
    const [job, call] = [median(whole), median(direct)];
    console.log(
      `one sentence, ${jobs} times: a warm job ${job.toFixed(1)} ms, a direct call ${call.toFixed(1)} ms, ` +
        `${(job - call).toFixed(1)} ms more`,
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function directCalls({ folder }: RealModel, texts: readonly string[]): Promise<number[]> {
  env.allowRemoteModels = false;
  const extract = await pipeline('feature-extraction', folder, { dtype: 'fp32', local_files_only: true });
  const call = (text: string) => timed(() => extract([text], { pooling: 'mean', normalize: true }));
  await call(texts[0] ?? '');
  const times: number[] = [];
  for (const text of texts) times.push(await call(text));
  await extract.dispose();
  return times;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
