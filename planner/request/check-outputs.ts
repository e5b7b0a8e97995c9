import type { z } from 'zod';
import { taskName } from './model-facts.js';
import type { JobOptions } from './options.js';
import type { ModelTask } from './model-spec.js';

/** Tasks whose outputs OpenAI's Batch API has a form for, and the endpoint that they answer. */
export const openAiEndpoints: Readonly<Record<string, string>> = { text_embedding: '/v1/embeddings' };

/** The part of a request that says what its outputs look like. */
interface OutputWishes {
  spec: { task: ModelTask };
  options?: JobOptions | null | undefined;
}

/** Refuses outputs in a form that has no place for what is asked for. */
export function checkOutputs({ spec, options }: OutputWishes, context: z.core.$RefinementCtx): void {
  const { outputFormat, keep } = options?.batch ?? {};
  if (outputFormat !== 'openai') return;
  const refuse = (field: string, message: string): void =>
    context.addIssue({ code: 'custom', path: ['options', 'batch', field], message, input: undefined });
  const task = taskName(spec.task);
  if (!Object.hasOwn(openAiEndpoints, task)) {
    const served = Object.entries(openAiEndpoints).map(([name, url]) => `${name} (${url})`);
    refuse('outputFormat', `"openai" is served for the tasks ${served.join(', ')}, and this model's is ${task}`);
  }
  if (keep != null && keep !== false) refuse('keep', `outputs in OpenAI's form have no place for columns of the input`);
}
