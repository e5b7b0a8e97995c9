import { textOf, type TextInput } from '../../../models/tasks/text.js';
import { floatData } from '../float-data.js';
import type { ModelLoader } from '../model-source.js';
import { softmax } from '../numbers.js';
import { outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { encodeText, type Cutting, type Encoded } from '../tokens/encoded.js';
import type { PlacedToken } from '../tokens/placed-tokens.js';
import { placeInRow } from '../tokens/row-template.js';
import { runEncoded } from '../tokens/run-encoded.js';
import { runRows, type Ran } from '../tokens/run-rows.js';
import type { TextTokenizer } from '../tokens/text-tokenizer.js';
import { entitiesIn, withoutOverlaps, type ScoredToken } from './entities.js';
import { cuttingOf, taskParameters } from '../../../models/tasks/parameters/index.js';

/** Entities in texts, with their places: the rules of transformers' pipeline. */
export const tokenClassification: ModelLoader = async (source) => {
  const [tokenizer, network] = await Promise.all([
    source.tokenizer(),
    source.network((library) => library.AutoModelForTokenClassification),
  ]);
  const labelOf = (id: number): string => network.config.id2label?.[String(id)] ?? `LABEL_${id}`;
  return {
    async run(inputs, options) {
      const {
        aggregation_strategy: strategy,
        ignore_labels: ignored,
        ...more
      } = parametersBy(taskParameters.token_classification, options);
      const cutting = cuttingOf(more);
      return runEncoded(
        inputs as TextInput[],
        options,
        (input) => encodeTokens(tokenizer, textOf(input), cutting),
        (rows) => runRows(network, tokenizer, rows, options.signal, scoresOf),
        (scores, { tokens, parts, place }, input) => {
          const text = textOf(input);
          const entities = scores.flatMap((window, at) => {
            const { from, to } = parts[at] ?? { from: 0, to: 0 };
            const scored = tokens.slice(from, to).map((token, index): ScoredToken => {
              const own = place + index;
              return { ...token, index: own, scores: window[own] ?? [], isSubword: isSubword(tokenizer, text, token) };
            });
            return entitiesIn(text, scored, { strategy, ignored, tokenizer, labelOf });
          });
          return parts.length > 1 ? withoutOverlaps(entities) : entities;
        },
      );
    },
    async dispose() {
      await network.dispose();
    },
  };
};

function encodeTokens(
  tokenizer: TextTokenizer,
  text: string,
  cutting: Cutting,
): Encoded & { tokens: readonly PlacedToken[]; place: number } {
  const tokens = tokenizer.placedTokensOf(text);
  const ids = tokens.map(({ id }) => id);
  return { ...encodeText(tokenizer, ids, cutting), tokens, place: placeInRow(tokenizer.single, 0) };
}

/** The probabilities of each label, token by token of each row. */
function scoresOf({ outputs, width, spans }: Ran): number[][][] {
  const logits = outputNamed(outputs, 'logits');
  const data = floatData(logits);
  const labels = logits.dims[2] ?? 0;
  return spans.map(({ from, to }, row) =>
    Array.from({ length: to - from }, (_, at) => {
      const start = (row * width + from + at) * labels;
      return softmax(data.subarray(start, start + labels));
    }),
  );
}

/** Whether a token goes on with the word before it; tokenizers that don't say so begin a word behind a blank. */
function isSubword(
  { continuing, unknownId }: TextTokenizer,
  text: string,
  { id, token, start, end }: PlacedToken,
): boolean {
  if (id === unknownId) return false;
  if (continuing !== '') return Array.from(token).length !== Array.from(text.slice(start, end)).length;
  return start > 0 && !text.slice(start - 1, start + 1).includes(' ');
}
