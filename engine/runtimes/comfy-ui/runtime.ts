import { randomUUID } from 'node:crypto';
import { ModelJobError, type JsonValue } from '../../../planner/index.js';
import { createFolderClaims, leaveFolder, type FolderClaims } from '../../models/contract/own-folder.js';
import type { ModelOutput, ModelRuntime, RunOptions } from '../../models/contract/model-runtime.js';
import { comfyApi, type ComfyApi } from './api.js';
import { fetchOutputs } from './fetch-outputs.js';
import { failureOf, follow, problemsOf, refusalError } from './follow.js';
import { workflowOf, type Workflow } from './workflow.js';

/** Seconds that a workflow may take from the queue to its end, where the request says nothing. */
const defaultTimeoutSeconds = 3600;

/** How long taking a prompt back may take, in milliseconds: within the time that the pool gives a process to obey. */
const withdrawMs = 1000;

/** How a workflow is run. */
interface Running {
  api: ComfyApi;
  /** Our name at the server. */
  clientId: string;
  timeoutSeconds: number;
  log: (line: string) => void;
}

/** Workflows on a ComfyUI server of the operator's: docs/runtimes.md. */
export const runtime: ModelRuntime = {
  async load({ settings, options, signal, log }) {
    if (settings.comfyUiUrl === undefined) {
      throw new ModelJobError(
        'MissingDependency',
        'backend `comfyui` is not configured on this worker; its operator sets MODEL_JOBS_COMFY_UI_URL, ' +
          'such as `http://127.0.0.1:8188`',
      );
    }
    const api = comfyApi(settings.comfyUiUrl);
    const version = await api.version(signal);
    log(`ComfyUI ${version ?? 'of an unknown version'} at ${api.address}`);
    const timeoutSeconds = options.command?.timeoutSeconds ?? defaultTimeoutSeconds;
    const running: Running = { api, clientId: randomUUID(), timeoutSeconds, log };
    const claims = createFolderClaims();
    return {
      async run(batch, runOptions) {
        const outputs: ModelOutput[] = [];
        for (const input of batch) outputs.push(await runInput(running, input, claims, runOptions));
        return outputs;
      },
      dispose: () => Promise.resolve(),
    };
  },
};

/** @throws ModelJobError for what may pass; the signal's reason when cancelled */
async function runInput(
  running: Running,
  input: JsonValue,
  claims: FolderClaims,
  options: RunOptions,
): Promise<ModelOutput> {
  options.signal.throwIfAborted();
  try {
    const workflow = workflowOf(input, options.parameters);
    const folder = await claims.claim(options.folder);
    try {
      return await runWorkflow(running, workflow, folder, options);
    } finally {
      await leaveFolder(folder);
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof ModelJobError) || error.retryable) throw error;
    return error;
  }
}

async function runWorkflow(
  { api, clientId, timeoutSeconds, log }: Running,
  workflow: Workflow,
  folder: string,
  options: RunOptions,
): Promise<JsonValue> {
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = AbortSignal.any([options.signal, limit]);
  let promptId: string = randomUUID();
  try {
    const queued = await api.queue({ workflow, clientId, promptId }, signal);
    if ('error' in queued) throw refusalError(queued);
    promptId = queued.promptId;
    for (const { path, message } of problemsOf(queued.nodeErrors)) log(`ComfyUI leaves out ${path}: ${message}`);
    const entry = await follow(api, promptId, { signal, log });
    const failure = failureOf(entry);
    if (failure) throw failure;
    return { promptId, outputs: await fetchOutputs(api, entry, folder, { ...options, signal }) };
  } catch (error) {
    const late = limit.aborted && !options.signal.aborted;
    if (!(error instanceof ModelJobError) || error.retryable) await withdraw(api, promptId, log);
    if (!late) throw error;
    throw new ModelJobError('Failed', `the workflow took longer than ${timeoutSeconds} s and was interrupted`, {
      retryable: false,
    });
  }
}

/** Takes a prompt back: out of the queue, or stopped where it runs, and no other prompt with it. */
async function withdraw(api: ComfyApi, promptId: string, log: (line: string) => void): Promise<void> {
  const signal = AbortSignal.timeout(withdrawMs);
  try {
    await api.remove(promptId, signal);
    if ((await api.place(promptId, signal)) === 'running') await api.interrupt(promptId, signal);
  } catch (error) {
    log(`ComfyUI: prompt ${promptId} could not be taken back: ${error instanceof Error ? error.message : ''}`);
  }
}
