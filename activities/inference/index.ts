import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import {
  backendName,
  ModelJobError,
  type InferenceFacts,
  type JsonValue,
  type ModelAccessJobRequest,
  type WarmupFacts,
} from '../../planner/index.js';
import { jobFolder } from '../layout.js';
import { currentReporter } from '../reporter.js';
import { fixedBatchSizer } from '../runtime/batch-sizer.js';
import type { ModelUse } from '../runtime/model-cache.js';
import type { InferenceDeps } from './deps.js';
import { modelLog } from './model-log.js';
import { readInputs } from './read-inputs.js';
import { runRows, type RowsOutcome } from './run-rows.js';
import { sampleFor } from './sample.js';
import { useModel, type UsedModel } from './use-model.js';
import { filesArtifacts, writeOutputs } from './write-outputs.js';

/** The largest list of outputs that a result holds itself, in bytes of JSON; larger ones are only in the artifact. */
const maxInlineBytes = 256 * 1024;

/** The activities of Warmup and Inference. */
export function createInferenceActivities(deps: InferenceDeps) {
  return {
    /** Loads the model into all of its processes and runs one small input twice; the model stays loaded. */
    async warmRuntime(request: ModelAccessJobRequest): Promise<WarmupFacts> {
      const { report } = currentReporter();
      const step = (completed: number, message: string): void =>
        report({ completed, total: 3, unit: 'steps', message });
      step(0, `loading ${request.spec.name}`);
      return useModel(deps, request, async (use) => {
        const folder = await openFolder();
        const sample = await sampleFor(request, deps.paths, folder);
        const run = () => timed(() => runInputs(use, request, [sample], folder));
        step(1, 'first run');
        const first = await run();
        step(2, 'second run');
        const second = await run();
        await use.pool.warm();
        step(3, 'warm');
        const { loadMs, alreadyLoaded, bundleDigest, pool } = use;
        const outputDigest = createHash('sha256')
          .update(second.value.outputs[0] ?? '')
          .digest('hex');
        const { processes, memoryBytes } = pool;
        const times = { loadMs, firstRunMs: first.ms, secondRunMs: second.ms };
        return {
          ...times,
          alreadyLoaded,
          sample,
          bundleDigest,
          outputDigest,
          processes,
          memoryBytes,
          ...fallbackOf(use),
        };
      });
    },

    /** Runs all inputs, in batches, and writes the outputs to the job's folder. */
    async runInference(request: ModelAccessJobRequest): Promise<InferenceFacts> {
      const { signal } = currentReporter();
      const inputs = await readInputs(request.inputs, { task: request.spec.task, paths: deps.paths });
      tell(0, inputs.length, `loading ${request.spec.name}`);
      return useModel(deps, request, async (use) => {
        const folder = await openFolder();
        const { value: rows, ms: runMs } = await timed(() => runInputs(use, request, inputs, folder));
        const place = { request, folder, signal };
        return {
          inputCount: request.inputs.length,
          outputs: inlineOutputs(rows),
          artifact: await writeOutputs(place, rows),
          ...(rows.files.length > 0 ? { files: await filesArtifacts(place, rows.files) } : {}),
          alreadyLoaded: use.alreadyLoaded,
          loadMs: use.alreadyLoaded ? 0 : use.loadMs,
          runMs,
          ...fallbackOf(use),
        };
      });
    },
  };

  async function openFolder(): Promise<string> {
    const folder = jobFolder(deps.config.home, currentReporter().jobId);
    await mkdir(folder, { recursive: true });
    return folder;
  }
}

/** @throws ModelJobError for the first input that is bad, by its index */
async function runInputs(
  { pool, sizer }: ModelUse,
  request: ModelAccessJobRequest,
  inputs: readonly JsonValue[],
  folder: string,
): Promise<RowsOutcome> {
  const { signal } = currentReporter();
  const { parameters, batch, outputFormat } = request.options ?? {};
  let done = 0;
  const rows = await runRows(
    pool,
    {
      rows: inputs.map((input) => JSON.stringify(input)),
      named: false,
      parameters: { ...parameters },
      folder,
      form: outputFormat === 'npy' ? 'vectors' : 'json',
      sizer: batch?.batchSize ? fixedBatchSizer(batch.batchSize) : sizer,
    },
    { signal, log: modelLog() },
    (count) => tell((done += count), inputs.length, `running on ${backendName(request.backend)}`),
  );
  const [error] = rows.errors.sort((left, right) => left.at - right.at);
  if (error) throw inputError(error.at, error);
  return rows;
}

function inputError(at: number, { code, message }: RowsOutcome['errors'][number]): ModelJobError {
  const path = `inputs[${at}]`;
  const problems = [{ path, message }];
  return new ModelJobError(code, `${path}: ${message}`, { problems, retryable: false });
}

function fallbackOf({ fallback }: UsedModel): Pick<UsedModel, 'fallback'> {
  return fallback ? { fallback } : {};
}

function inlineOutputs({ outputs, vectors }: RowsOutcome): JsonValue[] | null {
  const bytes = outputs.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  if (bytes > maxInlineBytes || vectors.some((vector) => vector !== null)) return null;
  return outputs.map((text) => JSON.parse(text ?? 'null') as JsonValue);
}

function tell(completed: number, inputs: number, message: string): void {
  currentReporter().report({ completed, total: Math.max(inputs, 1), unit: 'inputs', message });
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now();
  const value = await work();
  return { value, ms: performance.now() - startedAt };
}
