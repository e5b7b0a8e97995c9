import { ModelJobError } from '../../../planner/index.js';
import { ModelLost } from '../contract/model-lost.js';
import { JsonText } from '../contract/json-text.js';
import type { ModelOutput } from '../contract/model-runtime.js';
import { asModelJobError, isModelJobError } from './errors.js';
import type { CallOutcome, ModelCall, RowError } from './messages.js';
import { embeddingsBody, vectorsText } from './openai-answer.js';
import type { ReadRow } from './read-row.js';

/** What answers look like, and the name of the model that gave them. */
export interface AnswerForm extends Pick<ModelCall, 'form'> {
  /** What became of all rows, where it is known already. */
  failure: ModelCall['failure'];
  model: string;
  /** The tokens of a row's inputs, as far as the runtime counts them. */
  tokensOf: (at: number) => readonly number[];
}

/**
 * Writes down what became of rows.
 *
 * @param outputs for each row those of its inputs, or its error
 */
export function writeAnswers(
  rows: readonly ReadRow[],
  outputs: readonly (readonly ModelOutput[])[],
  answers: AnswerForm,
): Pick<CallOutcome, 'outputs' | 'vectors' | 'errors'> {
  const { form, failure } = answers;
  if (failure)
    return { outputs: rows.map(() => null), vectors: null, errors: rows.map((_, at) => ({ at, ...failure })) };
  const errors: RowError[] = [];
  const vectors = form === 'vectors' ? rows.map(() => null as Float32Array | null) : null;
  const texts = rows.map((row, at) => {
    const answer = answerOf(row, at, outputs[at] ?? [], answers);
    if (isModelJobError(answer)) errors.push(rowError(at, answer));
    else if (vectors && typeof answer !== 'string') vectors[at] = answer;
    else if (typeof answer === 'string') return answer;
    return null;
  });
  return { outputs: texts, vectors, errors };
}

function answerOf(
  { request }: ReadRow,
  at: number,
  outputs: readonly ModelOutput[],
  { form, model, tokensOf }: AnswerForm,
): string | Float32Array | ModelJobError {
  const failed = outputs.findIndex(isModelJobError);
  if (failed !== -1) return errorOfOne(outputs, failed);
  const [output = null] = outputs;
  if (form === 'vectors') return output instanceof Float32Array ? output : notVector();
  try {
    if (form === 'openai') return embeddingsBody(outputs.map(valueOf), { model, tokens: tokensOf(at) }, request);
    return request ? vectorsText(outputs.map(valueOf), request) : jsonText(output);
  } catch (error) {
    return asModelJobError(error);
  }
}

/** A list of inputs fails with the first of them that does. */
function errorOfOne(outputs: readonly ModelOutput[], at: number): ModelJobError {
  const error = asModelJobError(outputs[at]);
  return outputs.length === 1 || error instanceof ModelLost
    ? error
    : new ModelJobError(error.code, `body.input[${at}]: ${error.detail}`);
}

function rowError(at: number, error: ModelJobError): RowError {
  if (error instanceof ModelLost) return { at, code: error.loss, message: error.detail, lost: true };
  return { at, code: error.code, message: error.detail };
}

function notVector(): ModelJobError {
  return new ModelJobError('InvalidArgument', 'the output is no vector of numbers');
}

function valueOf(output: ModelOutput): ModelOutput {
  return output instanceof JsonText ? output.value : output;
}

/** A float's shortest text as a double: it reads back as the same float. JSON has no NaN and no infinity. */
function jsonText(output: ModelOutput): string {
  if (output instanceof JsonText) return output.text;
  const value = output instanceof Float32Array ? Array.from(output) : output;
  return JSON.stringify(value);
}
