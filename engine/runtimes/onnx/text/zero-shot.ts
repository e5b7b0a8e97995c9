import { ModelJobError } from '../../../../planner/index.js';
import type { ZeroShotInput } from '../../../models/tasks/text.js';
import type { NetworkConfig } from '../library.js';
import type { ModelLoader } from '../model-source.js';
import { meanOfLists, softmax } from '../numbers.js';
import { outputNamed, rowsOf } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { encodeBeside, type Cutting, type Encoded, type Truncation } from '../tokens/encoded.js';
import { runEncoded } from '../tokens/run-encoded.js';
import { runRows } from '../tokens/run-rows.js';
import type { TextTokenizer } from '../tokens/text-tokenizer.js';
import { cuttingOf, taskParameters } from '../../../models/tasks/parameters/index.js';

/**
 * Labels that the input brings along, by a model that says whether a text entails a sentence. The sentence stays whole:
 * only the text is cut. The probabilities of windows are averaged.
 */
export const zeroShotClassification: ModelLoader = async (source) => {
  const [tokenizer, network] = await Promise.all([
    source.tokenizer(),
    source.network((library) => library.AutoModelForSequenceClassification),
  ]);
  const ids = idsOf(network.config);
  return {
    async run(inputs, options) {
      const {
        hypothesis_template: template,
        multi_label: multi,
        ...more
      } = parametersBy(taskParameters.zero_shot_classification, options);
      const cutting = cuttingOf(more);
      return runEncoded(
        inputs as ZeroShotInput[],
        options,
        (input) => encodeLabels(tokenizer, input, template, cutting),
        (rows) =>
          runRows(network, tokenizer, rows, options.signal, ({ outputs }) => rowsOf(outputNamed(outputs, 'logits'))),
        (logits, { windows }, input) => {
          const labels = labelsOf(input);
          const byWindow = Array.from({ length: windows }, (_, window) =>
            probabilities(
              labels.map((_label, at) => logits[at * windows + window] ?? []),
              multi,
              ids,
            ),
          );
          const scores = meanOfLists(byWindow);
          const order = scores.map((_, at) => at).sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0));
          return {
            sequence: input.text,
            labels: order.map((at) => labels[at] ?? ''),
            scores: order.map((at) => scores[at] ?? 0),
          };
        },
      );
    },
    async dispose() {
      await network.dispose();
    },
  };
};

/** The rows of all labels, label by label, each with as many windows. */
function encodeLabels(
  tokenizer: TextTokenizer,
  input: ZeroShotInput,
  template: string,
  cutting: Cutting,
): Encoded & { windows: number } {
  const text = tokenizer.tokensOf(input.text);
  const sentences = labelsOf(input).map((label) => tokenizer.tokensOf(template.replace('{}', () => label)));
  const longest = Math.max(...sentences.map(({ length }) => length));
  const encoded = sentences.map((whole, at) => {
    // Windows of all labels begin and end at the same places.
    const maxLength = tokenizer.maxLength - (cutting.truncation === 'windows' ? longest - whole.length : 0);
    const own = encodeBeside(tokenizer, { text, whole, first: 'text', maxLength }, cutting);
    return (
      own ?? refuse(`labels[${at}]`, `its sentence has ${whole.length} tokens, too many for a model of ${maxLength}`)
    );
  });
  const truncated = worst(encoded);
  return {
    rows: encoded.flatMap(({ rows }) => rows),
    parts: encoded[0]?.parts ?? [],
    windows: encoded[0]?.rows.length ?? 0,
    ...(truncated ? { truncated } : {}),
  };
}

function labelsOf({ labels, candidate_labels: candidates }: ZeroShotInput): readonly string[] {
  return labels ?? candidates ?? [];
}

/** The label for which the least of the text was kept. */
function worst(encoded: readonly Encoded[]): Truncation | undefined {
  return encoded
    .flatMap(({ truncated }) => truncated ?? [])
    .reduce<Truncation | undefined>((most, one) => (most && most.tokens >= one.tokens ? most : one), undefined);
}

interface ClassIds {
  entailment: number;
  contradiction: number;
}

/** Which classes mean that a sentence follows and that it is contradicted, by transformers' rule. */
function idsOf({ label2id = {}, id2label = {} }: NetworkConfig): ClassIds {
  const labels = Object.keys(label2id).length > 0 ? Object.entries(label2id) : invert(id2label);
  const [, entailment = -1] = labels.find(([label]) => label.toLowerCase().startsWith('entail')) ?? [];
  return { entailment, contradiction: entailment === 0 ? -1 : 0 };
}

function invert(id2label: Readonly<Record<string, string>>): [string, number][] {
  return Object.entries(id2label).map(([id, label]) => [label, Number(id)]);
}

/** @param logits of one window, by label */
function probabilities(logits: ArrayLike<number>[], multi: boolean, ids: ClassIds): number[] {
  const of = (row: ArrayLike<number>, id: number): number => row[id < 0 ? row.length + id : id] ?? NaN;
  if (!multi && logits.length > 1) return softmax(logits.map((row) => of(row, ids.entailment)));
  return logits.map((row) => softmax([of(row, ids.contradiction), of(row, ids.entailment)])[1] ?? NaN);
}

function refuse(path: string, message: string): never {
  throw new ModelJobError('InvalidArgument', `${path}: ${message}`, { problems: [{ path, message }] });
}
