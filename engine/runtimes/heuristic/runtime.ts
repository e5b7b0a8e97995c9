import { heuristicTasks, ModelJobError, taskName, type HeuristicTask, type JsonValue } from '../../../planner/index.js';
import type { LoadedModel, ModelOutput, ModelRuntime, RunOptions } from '../../models/contract/model-runtime.js';
import { answerQuestion } from './answer.js';
import { embedText } from './embedding.js';
import { findEntities } from './entities.js';
import type { Heuristic } from './heuristic.js';
import { rerank } from './reranking.js';
import { classifySentiment } from './sentiment.js';
import { summarize } from './summary.js';
import { classifyZeroShot } from './zero-shot.js';

const heuristics: Readonly<Record<HeuristicTask, Heuristic>> = {
  text_classification: classifySentiment,
  token_classification: findEntities,
  zero_shot_classification: classifyZeroShot,
  text_embedding: embedText,
  summarization: summarize,
  question_answering: answerQuestion,
  reranking: rerank,
};

/** Tasks without a model: the same answer to the same input on every machine, in well under a millisecond. */
export const runtime: ModelRuntime = {
  load({ spec }) {
    const heuristic: Heuristic | undefined = Object.entries(heuristics).find(
      ([name]) => name === taskName(spec.task),
    )?.[1];
    if (heuristic) return Promise.resolve(modelOf(heuristic));
    const served = heuristicTasks.join(', ');
    return Promise.reject(
      new ModelJobError(
        'MissingDependency',
        `no heuristic serves task \`${taskName(spec.task)}\`; there is one for ${served}`,
      ),
    );
  },
};

function modelOf(heuristic: Heuristic): LoadedModel {
  return {
    run(inputs, options) {
      return new Promise((resolve) => resolve(runAll(heuristic, inputs, options)));
    },
    dispose: () => Promise.resolve(),
  };
}

function runAll(heuristic: Heuristic, inputs: readonly JsonValue[], { parameters, signal }: RunOptions): ModelOutput[] {
  const run = heuristic(parameters);
  return inputs.map((input) => {
    signal.throwIfAborted();
    try {
      return run(input);
    } catch (error) {
      if (error instanceof ModelJobError) return error;
      throw error;
    }
  });
}
