import { ModelJobError, type JsonValue } from '../../../planner/index.js';
import { dataRow } from '../contract/data-row.js';
import type { InputRow, LoadedModel, ModelOutput, OutputFile, RunOptions } from '../contract/model-runtime.js';
import type { InputCheck } from '../tasks/index.js';
import { asModelJobError, isModelJobError } from './errors.js';
import type { ModelCall, CallOutcome, RowError } from './messages.js';

/** A model and the check of its inputs. */
export interface HostedModel {
  model: LoadedModel;
  check: InputCheck;
}

interface Row {
  customId?: string | undefined;
  result: JsonValue | ModelJobError;
}

/**
 * Runs a call: reads and checks its rows, runs those that are good, and writes the outputs down. A row that is bad is
 * one bad row.
 *
 * @throws ModelJobError for what may pass and for what is no row's fault
 */
export async function runCall(hosted: HostedModel, call: ModelCall, signal: AbortSignal): Promise<CallOutcome> {
  const startedAt = performance.now();
  const rows = await Promise.all(call.rows.map((text) => readRow(text, call.named, hosted.check)));
  const files: OutputFile[] = [];
  const good = rows.flatMap(({ customId, result }, at) =>
    isModelJobError(result) ? [] : [{ at, input: result, row: { index: call.indices[at] ?? at, customId } }],
  );
  const options = {
    parameters: call.parameters,
    folder: call.folder,
    rows: good.map(({ row }) => row),
    addFile: (file: OutputFile) => void files.push(file),
    signal,
  };
  const outputs: ModelOutput[] = rows.map(({ result }) => (isModelJobError(result) ? result : null));
  const ran = await runAll(
    hosted.model,
    good.map(({ input }) => input),
    options,
  );
  good.forEach(({ at }, index) => (outputs[at] = ran[index] ?? null));
  const customIds = rows.map(({ customId }) => customId ?? null);
  return {
    ...written(outputs, call.form),
    files,
    customIds: customIds.some((id) => id !== null) ? customIds : null,
    runMs: performance.now() - startedAt,
  };
}

async function readRow(text: string, named: boolean, check: InputCheck): Promise<Row> {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { result: new ModelJobError('InvalidArgument', `the row is not JSON: ${reason}`) };
  }
  const { customId, input } = named ? dataRow(value) : { customId: undefined, input: value };
  try {
    return { customId, result: await check(input as JsonValue) };
  } catch (error) {
    return { customId, result: asModelJobError(error) };
  }
}

/** Runs inputs at once; where the model refuses them together, each for itself. */
async function runAll(
  model: LoadedModel,
  inputs: readonly JsonValue[],
  options: RunOptions & { rows: readonly InputRow[] },
): Promise<ModelOutput[]> {
  if (inputs.length === 0) return [];
  try {
    const outputs = await model.run(inputs, options);
    if (outputs.length === inputs.length) return outputs;
    const counts = `${outputs.length} outputs for ${inputs.length} inputs`;
    throw new ModelJobError('Failed', `the runtime gave ${counts}`, { retryable: false });
  } catch (thrown) {
    options.signal.throwIfAborted();
    const error = asModelJobError(thrown);
    if (error.retryable) throw error;
    if (inputs.length === 1) return [error];
  }
  const outputs: ModelOutput[] = [];
  for (const [at, input] of inputs.entries()) {
    outputs.push(...(await runAll(model, [input], { ...options, rows: options.rows.slice(at, at + 1) })));
  }
  return outputs;
}

function written(
  outputs: readonly ModelOutput[],
  form: ModelCall['form'],
): Pick<CallOutcome, 'outputs' | 'vectors' | 'errors'> {
  const errors: RowError[] = [];
  const vectors = form === 'vectors' ? outputs.map(() => null as Float32Array | null) : null;
  const texts = outputs.map((output, at) => {
    if (vectors && output instanceof Float32Array) vectors[at] = output;
    else if (isModelJobError(output)) errors.push({ at, code: output.code, message: output.detail });
    else if (vectors) errors.push({ at, code: 'InvalidArgument', message: 'the output is no vector of numbers' });
    else return jsonText(output);
    return null;
  });
  return { outputs: texts, vectors, errors };
}

/** A float's shortest text as a double: it reads back as the same float. JSON has no NaN and no infinity. */
function jsonText(output: Exclude<ModelOutput, ModelJobError>): string {
  const value = output instanceof Float32Array ? Array.from(output) : output;
  return JSON.stringify(value);
}
