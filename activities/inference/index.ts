import { join } from 'node:path';
import {
  backendName,
  modelMetadata,
  outputArtifactId,
  type InferenceFacts,
  type JsonValue,
  type ModelAccessJobRequest,
  type WarmupFacts,
} from '../../planner/index.js';
import { fileArtifact, writeFileAtomic } from '../job-files.js';
import { jobFolder } from '../layout.js';
import { currentReporter } from '../reporter.js';
import type { LoadedModel, RunOptions } from '../runtime/model-runtime.js';
import type { InferenceDeps } from './deps.js';
import { readInputs } from './read-inputs.js';
import { sampleFor } from './sample.js';

/** Inputs in one call of the model. */
const batchSize = 32;

/** The largest list of outputs that a result holds itself, in bytes of JSON; larger ones are only in the artifact. */
const maxInlineBytes = 256 * 1024;

/** The activities of Warmup and Inference. */
export function createInferenceActivities({ config, paths, ensureBundle, models }: InferenceDeps) {
  return {
    /** Loads the model and runs one small input twice; the model stays loaded. */
    async warmRuntime(request: ModelAccessJobRequest): Promise<WarmupFacts> {
      const reporter = currentReporter();
      const { signal } = reporter;
      const step = (completed: number, message: string): void =>
        reporter.report({ completed, total: 3, unit: 'steps', message });
      const bundle = await ensureBundle(request, reporter);
      step(0, `loading ${request.spec.name}`);
      const wanted = { task: request.spec.task, backend: request.backend, signal };
      return models.use(bundle, wanted, async ({ model, loadMs, alreadyLoaded }) => {
        const sample = sampleFor(request);
        const run = (): Promise<number> => timed(() => model.run([sample], runOptions(request, signal)));
        step(1, 'first run');
        const firstRunMs = await run();
        step(2, 'second run');
        const secondRunMs = await run();
        step(3, 'warm');
        return { loadMs, firstRunMs, secondRunMs, alreadyLoaded, sample };
      });
    },

    /** Runs all inputs, in batches, and writes the outputs to the job's folder. */
    async runInference(request: ModelAccessJobRequest): Promise<InferenceFacts> {
      const reporter = currentReporter();
      const inputs = await readInputs(request.inputs, paths);
      tell(0, inputs.length, `loading ${request.spec.name}`);
      const bundle = await ensureBundle(request, reporter);
      const wanted = { task: request.spec.task, backend: request.backend, signal: reporter.signal };
      return models.use(bundle, wanted, async ({ model, loadMs, alreadyLoaded }) => {
        const startedAt = performance.now();
        const outputs = await runAll(model, inputs, request);
        const runMs = performance.now() - startedAt;
        const json = JSON.stringify(outputs);
        const artifact = await writeOutputs(request, json);
        return {
          inputCount: request.inputs.length,
          outputs: json.length <= maxInlineBytes ? outputs : null,
          artifact,
          loadMs: alreadyLoaded ? 0 : loadMs,
          runMs,
        };
      });
    },
  };

  async function writeOutputs(request: ModelAccessJobRequest, json: string) {
    const { jobId, signal } = currentReporter();
    const path = join(jobFolder(config.home, jobId), 'output.json');
    await writeFileAtomic(path, `${json}\n`);
    return fileArtifact(
      path,
      {
        id: outputArtifactId(request, 'output'),
        kind: 'json',
        mediaType: 'application/json',
        metadata: modelMetadata(request.spec, request.backend),
      },
      signal,
    );
  }
}

async function runAll(
  model: LoadedModel,
  inputs: readonly unknown[],
  request: ModelAccessJobRequest,
): Promise<JsonValue[]> {
  const { signal } = currentReporter();
  const outputs: JsonValue[] = [];
  for (let start = 0; start < inputs.length; start += batchSize) {
    signal.throwIfAborted();
    const batch = inputs.slice(start, start + batchSize);
    outputs.push(...((await model.run(batch as JsonValue[], runOptions(request, signal))) as JsonValue[]));
    tell(outputs.length, inputs.length, `running on ${backendName(request.backend)}`);
    await new Promise(setImmediate);
  }
  return outputs;
}

function tell(completed: number, inputs: number, message: string): void {
  currentReporter().report({ completed, total: Math.max(inputs, 1), unit: 'inputs', message });
}

function runOptions(request: ModelAccessJobRequest, signal: AbortSignal): RunOptions {
  return { parameters: { ...request.options?.parameters }, folder: '', addFile: () => undefined, signal };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
