import { ModelJobError, openAiEndpoints, type ModelTask } from '../../../planner/index.js';
import { readEmbeddingsRequest, type EmbeddingsRequest } from './openai-embeddings.js';

/** A line of an OpenAI batch file, as far as it says what to do. */
export interface OpenAiRow {
  method?: unknown;
  url?: unknown;
  body: unknown;
}

/**
 * What a line of an OpenAI batch file asks for. Undefined where its body is the model's input as it is: without a
 * `url`, and for a task whose shapes only its model knows.
 *
 * @throws ModelJobError `InvalidArgument` for an endpoint that the task does not answer, and for a bad body
 */
export function readOpenAiRow(task: ModelTask, { method, url, body }: OpenAiRow): EmbeddingsRequest | undefined {
  if (url === undefined || typeof task !== 'string') return undefined;
  const served = Object.hasOwn(openAiEndpoints, task) ? openAiEndpoints[task] : undefined;
  if (served === undefined || url !== served) throw otherEndpoint(task, served, url);
  if (method !== undefined && method !== 'POST') {
    throw new ModelJobError('InvalidArgument', `method: expected "POST", received ${JSON.stringify(method)}`);
  }
  return readEmbeddingsRequest(body);
}

function otherEndpoint(task: string, served: string | undefined, url: unknown): ModelJobError {
  const expected = served === undefined ? 'answers no endpoint of OpenAI' : `answers ${JSON.stringify(served)}`;
  return new ModelJobError('InvalidArgument', `url: the task ${task} ${expected}, received ${JSON.stringify(url)}`);
}
