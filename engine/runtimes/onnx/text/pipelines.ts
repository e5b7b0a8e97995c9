import type { PipelineType } from '@huggingface/transformers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModelJobError, type JsonValue } from '../../../../planner/index.js';
import type { ModelOutput } from '../../../models/contract/model-runtime.js';
import { textOf, type QuestionInput, type TextInput, type ZeroShotInput } from '../../../models/tasks/text.js';
import { runEach } from '../each-input.js';
import type { ModelLoader } from '../model-source.js';
import { plainOutput } from '../plain-output.js';

/** Entities in texts. */
export const tokenClassification = pipelineOfTexts('token-classification');

/** Shorter texts. */
export const summarization = pipelineOfTexts('summarization');

/** Labels that the input brings along. */
export const zeroShotClassification = pipelineOfInputs<ZeroShotInput>('zero-shot-classification', (input) => [
  input.text,
  input.labels ?? input.candidate_labels ?? [],
]);

/** Answers that stand in a text. */
export const questionAnswering = pipelineOfInputs<QuestionInput>('question-answering', ({ question, context }) => [
  question,
  context,
]);

/** Texts in one call of a pipeline: more are hardly faster, and take much memory when they are long. */
const batchSize = 8;

/** A pipeline that takes several texts in one call. */
function pipelineOfTexts(task: PipelineType): ModelLoader {
  return async (source) => {
    const pipeline = await source.pipeline(task);
    return {
      async run(inputs, { parameters, signal }) {
        const texts = inputs.map((input) => textOf(input as TextInput));
        const outputs: ModelOutput[] = [];
        for (let start = 0; start < texts.length; start += batchSize) {
          if (start > 0) await nextTurn();
          signal.throwIfAborted();
          outputs.push(...listed(await pipeline(texts.slice(start, start + batchSize), { ...parameters })));
        }
        return outputs;
      },
      async dispose() {
        await pipeline.dispose();
      },
    };
  };
}

/** @throws ModelJobError `Failed` for a pipeline that doesn't give a list */
function listed(outputs: unknown): JsonValue[] {
  const plain = plainOutput(outputs);
  if (Array.isArray(plain)) return plain;
  throw new ModelJobError('Failed', 'the pipeline gave no list of outputs', { retryable: false });
}

/** A pipeline with further arguments, which takes one input at a time. */
function pipelineOfInputs<Input>(task: PipelineType, argumentsOf: (input: Input) => unknown[]): ModelLoader {
  return async (source) => {
    const pipeline = await source.pipeline(task);
    return {
      run: (inputs, options) =>
        runEach(inputs, options, async (input) =>
          plainOutput(await pipeline(...argumentsOf(input as Input), { ...options.parameters })),
        ),
      async dispose() {
        await pipeline.dispose();
      },
    };
  };
}
