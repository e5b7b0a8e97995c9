import { ModelJobError } from '../../../planner/index.js';
import type { ModelOutput } from '../contract/model-runtime.js';
import { asModelJobError, isModelJobError } from './errors.js';
import type { CallOutcome, ModelCall, RowError } from './messages.js';
import { embeddingsBody, vectorsText } from './openai-answer.js';
import type { ReadRow } from './read-row.js';

/** What answers look like, and the name of the model that gave them. */
export interface AnswerForm extends Pick<ModelCall, 'form'> {
  model: string;
}

/**
 * Writes down what became of rows.
 *
 * @param outputs for each row those of its inputs, or its error
 */
export function writeAnswers(
  rows: readonly ReadRow[],
  outputs: readonly (readonly ModelOutput[])[],
  { form, model }: AnswerForm,
): Pick<CallOutcome, 'outputs' | 'vectors' | 'errors'> {
  const errors: RowError[] = [];
  const vectors = form === 'vectors' ? rows.map(() => null as Float32Array | null) : null;
  const texts = rows.map((row, at) => {
    const answer = answerOf(row, outputs[at] ?? [], { form, model });
    if (isModelJobError(answer)) errors.push({ at, code: answer.code, message: answer.detail });
    else if (vectors && typeof answer !== 'string') vectors[at] = answer;
    else if (typeof answer === 'string') return answer;
    return null;
  });
  return { outputs: texts, vectors, errors };
}

function answerOf(
  { request }: ReadRow,
  outputs: readonly ModelOutput[],
  { form, model }: AnswerForm,
): string | Float32Array | ModelJobError {
  const failed = outputs.findIndex(isModelJobError);
  if (failed !== -1) return errorOfOne(outputs, failed);
  const [output = null] = outputs;
  if (form === 'vectors') return output instanceof Float32Array ? output : notVector();
  try {
    if (form === 'openai') return embeddingsBody(outputs, model, request);
    return request ? vectorsText(outputs, request) : jsonText(output);
  } catch (error) {
    return asModelJobError(error);
  }
}

/** A list of inputs fails with the first of them that does. */
function errorOfOne(outputs: readonly ModelOutput[], at: number): ModelJobError {
  const error = asModelJobError(outputs[at]);
  return outputs.length === 1 ? error : new ModelJobError(error.code, `body.input[${at}]: ${error.detail}`);
}

function notVector(): ModelJobError {
  return new ModelJobError('InvalidArgument', 'the output is no vector of numbers');
}

/** A float's shortest text as a double: it reads back as the same float. JSON has no NaN and no infinity. */
function jsonText(output: ModelOutput): string {
  const value = output instanceof Float32Array ? Array.from(output) : output;
  return JSON.stringify(value);
}
