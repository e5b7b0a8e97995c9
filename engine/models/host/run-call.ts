import { ModelJobError, type JsonValue, type ModelSpec } from '../../../planner/index.js';
import { ModelLost } from '../contract/model-lost.js';
import type {
  InputRow,
  LoadedModel,
  ModelOutput,
  OutputFile,
  RowMetadata,
  RunOptions,
} from '../contract/model-runtime.js';
import type { InputCheck } from '../tasks/index.js';
import { asModelJobError, isModelJobError } from './errors.js';
import { finiteOutput } from './finite.js';
import type { ModelCall, CallOutcome } from './messages.js';
import { readRow, type ReadRow } from './read-row.js';
import { createTold, refusalOfCut } from './told.js';
import { writeAnswers } from './write-answers.js';

/** A model and the check of its inputs. */
export interface HostedModel {
  spec: Pick<ModelSpec, 'name' | 'task'>;
  model: LoadedModel;
  check: InputCheck;
}

/**
 * Runs a call: reads and checks its rows, runs those that are good, and writes the outputs down. A row that is bad is
 * one bad row.
 *
 * @throws ModelJobError for what may pass and for what is no row's fault; ModelLost where any row may have done it
 */
export async function runCall(
  { spec, model, check }: HostedModel,
  call: ModelCall,
  signal: AbortSignal,
): Promise<CallOutcome> {
  const startedAt = performance.now();
  const { named, kept = [], form, failure } = call;
  const { takesText = false } = model;
  const reader = { named, kept, form, task: spec.task, check: failure ? unchecked : check, takesText };
  const rows = await Promise.all(call.rows.map((text) => readRow(text, reader)));
  const { inputs, inputRows, firsts } = inputsOf(rows, call);
  const files: OutputFile[] = [];
  const told = createTold();
  const options = {
    parameters: call.parameters,
    folder: call.folder,
    rows: inputRows,
    addFile: (file: OutputFile) => void files.push(file),
    ...told.options,
    signal,
  };
  const ran = await runAll(model, failure ? [] : inputs, options);
  const mayCut = call.parameters['truncation'] !== undefined;
  const outputOf = (input: number, row: ReadRow): ModelOutput => {
    const refused = mayCut || !isOpenAi(row, form) ? undefined : refusalOfCut(told.metadataOf(input));
    return refused ?? finiteOutput(given(ran[input]));
  };
  const outputs = rows.map((row, at) =>
    isModelJobError(row.inputs) ? [row.inputs] : row.inputs.map((_, place) => outputOf((firsts[at] ?? 0) + place, row)),
  );
  const tokensOf = (at: number): number[] => told.tokensOf(firsts[at] ?? 0, firsts[at + 1] ?? inputs.length);
  const metadata = told.isSilent
    ? []
    : rows.map((_, at) => told.worst(firsts[at] ?? 0, firsts[at + 1] ?? inputs.length));
  const customIds = rows.map(({ customId }) => customId ?? null);
  return {
    ...writeAnswers(rows, outputs, { form, failure, model: spec.name, tokensOf }),
    files,
    customIds: customIds.some((id) => id !== null) ? customIds : null,
    metadata: metadata.some((told) => told !== null) ? metadata : null,
    runMs: performance.now() - startedAt,
  };
}

/** What the model gets for all rows, and for each row where its inputs begin. */
interface CallInputs {
  inputs: JsonValue[];
  inputRows: InputRow[];
  firsts: number[];
}

function inputsOf(rows: readonly ReadRow[], { indices }: ModelCall): CallInputs {
  const inputs: JsonValue[] = [];
  const inputRows: InputRow[] = [];
  const firsts = rows.map(({ inputs: its, customId, text }, at) => {
    const first = inputs.length;
    if (isModelJobError(its)) return first;
    for (const input of its) {
      inputs.push(input);
      inputRows.push({ index: indices[at] ?? at, customId, text });
    }
    return first;
  });
  return { inputs, inputRows, firsts };
}

/** Null is an answer; undefined is what a runtime gives that forgot one. */
function given(output: ModelOutput | undefined): ModelOutput {
  if (output !== undefined) return output;
  return new ModelJobError('Failed', 'the runtime gave no output', { retryable: false });
}

/** Whether a row is answered as OpenAI does. */
function isOpenAi({ request }: ReadRow, form: ModelCall['form']): boolean {
  return form === 'openai' || request !== undefined;
}

/** A row that has failed already is read for its name alone. */
const unchecked: InputCheck = (input) => Promise.resolve(input);

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
    if (error.retryable || error instanceof ModelLost) throw error;
    if (inputs.length === 1) return [error];
  }
  const outputs: ModelOutput[] = [];
  for (const [at, input] of inputs.entries()) {
    const own = {
      ...options,
      rows: options.rows.slice(at, at + 1),
      annotate: (_only: number, told: RowMetadata) => options.annotate?.(at, told),
      countTokens: (_only: number, tokens: number) => options.countTokens?.(at, tokens),
    };
    outputs.push(...(await runAll(model, [input], own)));
  }
  return outputs;
}
