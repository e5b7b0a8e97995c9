import { z } from 'zod';
import { inlineSample, type TaskDefinition } from './definition.js';
import { inputLimits } from './limits.js';
import { score, vector } from './outputs.js';

/** A text; an empty one is one too. Its length is checked apart. */
export const text = z.string();

const nonEmptyText = text.min(1, { error: 'expected a text that is not empty' });

/** `"…"` or `{"text": "…"}`. */
export const textInput = z.union([text, z.object({ text })]);

/** `{"text": "…", "labels": ["…"]}`; `candidate_labels` is the name that other libraries have for `labels`. */
export const zeroShotInput = z
  .object({ text, labels: labelList().optional(), candidate_labels: labelList().optional() })
  .refine(({ labels, candidate_labels: candidates }) => (labels ?? candidates) !== undefined, {
    error: 'expected a list of texts',
    path: ['labels'],
  });

/** `{"question": "…", "context": "…"}`. */
export const questionInput = z.object({ question: nonEmptyText, context: nonEmptyText });

/** `{"query": "…", "documents": ["…"]}`, or one `document`. */
export const rerankingInput = z.union([
  z.object({ query: text, documents: z.array(text).min(1).max(inputLimits.documents) }),
  z.object({ query: text, document: text }),
]);

export type TextInput = z.infer<typeof textInput>;
export type ZeroShotInput = z.infer<typeof zeroShotInput>;
export type QuestionInput = z.infer<typeof questionInput>;
export type RerankingInput = z.infer<typeof rerankingInput>;

/** The text of an input that is one, or has one. */
export function textOf(input: TextInput): string {
  return typeof input === 'string' ? input : input.text;
}

function labelList() {
  return z.array(nonEmptyText).min(1, { error: 'expected at least one label' }).max(inputLimits.labels);
}

/**
 * A part of a text in UTF-16 units, as `slice` of JavaScript takes them; `end` is not included. Models of the `onnx`
 * backend always tell it.
 */
const place = { start: z.int().nonnegative().optional(), end: z.int().nonnegative().optional() };

/** The score of an answer that stands in several windows is the sum of theirs. */
const oneAnswer = z.object({ answer: z.string(), score: z.number().nonnegative(), ...place });

/** A label and how sure the model is of it; of one that was trained to give numbers (`regression`) its number. */
const weighed = z.object({ label: z.string(), score: z.number() });

const oneText = {
  input: textInput,
  form: 'a string or an object with `text`',
  sample: inlineSample('A sample sentence.'),
} as const;

/** The tasks whose inputs are texts. */
export const textTasks = {
  text_classification: {
    ...oneText,
    // A list where `top_k` asks for more than the best.
    output: z.union([weighed, z.array(weighed)]),
  },
  token_classification: {
    ...oneText,
    output: z.array(
      z.union([
        z.object({ entity: z.string(), score, index: z.int(), word: z.string(), ...place }),
        z.object({ entity_group: z.string(), score, word: z.string(), ...place }),
      ]),
    ),
  },
  zero_shot_classification: {
    input: zeroShotInput,
    form: 'an object with `text` and `labels`',
    output: z.object({ sequence: z.string(), labels: z.array(z.string()), scores: z.array(score) }),
    sample: inlineSample({ text: 'A sample sentence.', labels: ['one', 'two'] }),
  },
  text_embedding: { ...oneText, output: vector },
  summarization: { ...oneText, output: z.object({ summary_text: z.string() }) },
  question_answering: {
    input: questionInput,
    form: 'an object with `question` and `context`',
    output: z.union([oneAnswer, z.array(oneAnswer)]),
    sample: inlineSample({ question: 'What is this?', context: 'This is a sample.' }),
  },
  reranking: {
    input: rerankingInput,
    form: 'an object with `query` and `documents`, or `query` and `document`',
    output: z.union([z.object({ scores: z.array(z.number()) }), z.object({ score: z.number() })]),
    sample: inlineSample({ query: 'sample', documents: ['A sample sentence.', 'Another one.'] }),
  },
} satisfies Record<string, TaskDefinition>;
