import { taskName, type JsonValue, type ModelAccessJobRequest } from '../../planner/index.js';

/** Small inputs for tasks that take more than a text. */
const samples: Readonly<Record<string, JsonValue>> = {
  zero_shot_classification: { text: 'A sample sentence.', labels: ['one', 'two'] },
  question_answering: { question: 'What is this?', context: 'This is a sample.' },
};

/** What a warmup runs: the request's first inline input, else a small one that fits the task. */
export function sampleFor({ spec, inputs }: ModelAccessJobRequest): JsonValue {
  const given = inputs.find((input) => input.kind === 'json');
  return given?.value ?? samples[taskName(spec.task)] ?? 'A sample sentence.';
}
