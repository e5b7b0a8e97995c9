import { z } from 'zod';
import { ModelJobError, type JsonValue } from '../../../../planner/index.js';
import type { RerankingInput } from '../../../models/tasks/text.js';
import type { Network, NetworkConfig, Tokenizer } from '../library.js';
import type { ModelLoader } from '../model-source.js';
import { sigmoid, softmax } from '../numbers.js';
import { outputNamed, rowsOf } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { runTokens } from './token-batches.js';

/** Pairs that are padded to one length. */
const batchSize = 32;

const parameters = {
  /** Whether scores are the model's own numbers instead of probabilities. */
  raw_scores: z.boolean().default(false),
};

interface Pair {
  query: string;
  document: string;
}

/**
 * How well documents answer a query, by a cross-encoder: the library has no pipeline for one, so the pairs go through
 * the tokenizer to a model with a head of one class, or of two of which the second means "fits".
 */
export const reranking: ModelLoader = async (source) => {
  const [tokenizer, network] = await Promise.all([
    source.tokenizer(),
    source.network((library) => library.AutoModelForSequenceClassification),
  ]);
  return {
    async run(inputs, options) {
      const { raw_scores: raw } = parametersBy(parameters, options);
      const pairs = (inputs as RerankingInput[]).map(pairsOf);
      const scores = await scoresOf(pairs.flat(), { tokenizer, network, raw }, options.signal);
      let next = 0;
      return (inputs as RerankingInput[]).map((input, at): JsonValue => {
        const own = scores.slice(next, (next += pairs[at]?.length ?? 0));
        return 'document' in input ? { score: own[0] ?? null } : { scores: own };
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};

function pairsOf(input: RerankingInput): Pair[] {
  const documents = 'document' in input ? [input.document] : input.documents;
  return documents.map((document) => ({ query: input.query, document }));
}

/** Scores in the order of the pairs; pairs of like length are run together, so that little is padding. */
async function scoresOf(
  pairs: readonly Pair[],
  { tokenizer, network, raw }: { tokenizer: Tokenizer; network: Network; raw: boolean },
  signal: AbortSignal,
): Promise<number[]> {
  const order = pairs.map((pair, at) => ({ ...pair, at }));
  order.sort((a, b) => a.query.length + a.document.length - (b.query.length + b.document.length));
  const scores = new Array<number>(pairs.length).fill(0);
  for (let start = 0; start < order.length; start += batchSize) {
    const batch = order.slice(start, start + batchSize);
    const tokens = tokenizer(
      batch.map(({ query }) => query),
      { text_pair: batch.map(({ document }) => document), padding: true, truncation: true },
    );
    const found = await runTokens(network, tokens, signal, (outputs) =>
      rowsOf(outputNamed(outputs, 'logits')).map((logits) => scoreOf(logits, network.config, raw)),
    );
    batch.forEach(({ at }, row) => (scores[at] = found[row] ?? 0));
  }
  return scores;
}

function scoreOf(logits: Float32Array, { problem_type: problem }: NetworkConfig, raw: boolean): number {
  const [first = 0, second] = logits;
  if (second === undefined) return raw ? first : sigmoid(first);
  if (logits.length > 2) {
    throw new ModelJobError('Failed', `the model has ${logits.length} classes; one that reranks has one or two`, {
      retryable: false,
    });
  }
  if (raw) return second;
  return problem === 'multi_label_classification' ? sigmoid(second) : (softmax(logits)[1] ?? 0);
}
