import { ModelJobError } from '../../../planner/index.js';

/** Fields of an input object that hold what the pipeline looks at, by the name that callers use. */
const subjects = ['text', 'sequence', 'image', 'audio', 'path', 'url'] as const;

/**
 * The positional arguments of a pipeline for one input: a string is its own subject; an object names it, with what
 * else the pipeline takes beside (`{text}`, `{question, context}`, `{text, labels}`).
 *
 * @param index of the input in its batch, for the message
 * @throws ModelJobError `InvalidArgument`
 */
export function pipelineArguments(input: unknown, index: number): unknown[] {
  if (typeof input === 'string') return [input];
  if (typeof input === 'object' && input !== null) {
    const fields = input as Record<string, unknown>;
    if (isText(fields['question']) && isText(fields['context'])) return [fields['question'], fields['context']];
    const subject = subjects.map((name) => fields[name]).find(isText);
    if (subject !== undefined) {
      const labels = fields['labels'] ?? fields['candidate_labels'];
      return labels === undefined ? [subject] : [subject, labels];
    }
  }
  throw new ModelJobError(
    'InvalidArgument',
    `inputs[${index}]: expected a string or an object with \`text\`, received ${shown(input)}`,
    { problems: [{ path: `inputs[${index}]`, message: 'expected a string or an object with `text`' }] },
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function shown(input: unknown): string {
  const text = (JSON.stringify(input) as string | undefined) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
