import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModelJobError, type JsonValue } from '../../../planner/index.js';
import type { ModelOutput, RunOptions } from '../../models/contract/model-runtime.js';

/** Runs inputs one by one; the error of one stands at its place and the others go on. */
export async function runEach(
  inputs: readonly JsonValue[],
  { signal }: RunOptions,
  run: (input: JsonValue, at: number) => Promise<ModelOutput>,
): Promise<ModelOutput[]> {
  const outputs: ModelOutput[] = [];
  for (const input of inputs) {
    // A model blocks its process: only between two inputs it can hear that its job was cancelled.
    if (outputs.length > 0) await nextTurn();
    signal.throwIfAborted();
    outputs.push(await run(input, outputs.length).catch((error: unknown) => modelError(error)));
  }
  return outputs;
}

/** What a model threw, as the error of its input: the same input would meet it again. */
export function modelError(error: unknown): ModelJobError {
  if (error instanceof ModelJobError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ModelJobError('Failed', `the model failed: ${reason}`, { cause: error, retryable: false });
}
