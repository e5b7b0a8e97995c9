import type { PipelineType } from '@huggingface/transformers';
import { ModelJobError } from '../../../../planner/index.js';
import { textOf, type QuestionInput, type TextInput, type ZeroShotInput } from '../../tasks/text.js';
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

/** A pipeline that takes all texts in one call. */
function pipelineOfTexts(task: PipelineType): ModelLoader {
  return async (source) => {
    const pipeline = await source.pipeline(task);
    return {
      async run(inputs, { parameters }) {
        if (inputs.length === 0) return [];
        const texts = inputs.map((input) => textOf(input as TextInput));
        const outputs = plainOutput(await pipeline(texts, { ...parameters }));
        if (Array.isArray(outputs) && outputs.length === texts.length) return outputs;
        throw new ModelJobError('Failed', `the pipeline gave no list of ${texts.length} outputs`, { retryable: false });
      },
      async dispose() {
        await pipeline.dispose();
      },
    };
  };
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
