import { ModelJobError } from '../../../../planner/index.js';
import type { ModelOutput } from '../../../models/contract/model-runtime.js';
import type { RerankingInput } from '../../../models/tasks/text.js';
import type { NetworkConfig } from '../library.js';
import type { ModelLoader } from '../model-source.js';
import { sigmoid, softmax } from '../numbers.js';
import { outputNamed, rowsOf } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { encodePair, type Cutting, type Encoded, type Truncation } from '../tokens/encoded.js';
import { runEncoded } from '../tokens/run-encoded.js';
import { runRows } from '../tokens/run-rows.js';
import type { TextTokenizer } from '../tokens/text-tokenizer.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';

/**
 * How well documents answer a query, by a cross-encoder: the library has no pipeline for one, so the pairs go to a
 * model with a head of one class, or of two of which the second means "fits". Of a pair that is too long the longer
 * half is cut first, as Sentence Transformers' CrossEncoder does.
 */
export const reranking: ModelLoader = async (source) => {
  const [tokenizer, network] = await Promise.all([
    source.tokenizer(),
    source.network((library) => library.AutoModelForSequenceClassification),
  ]);
  return {
    async run(inputs, options) {
      const { raw_scores: raw, ...cutting } = parametersBy(taskParameters.reranking, options);
      return runEncoded(
        inputs as RerankingInput[],
        options,
        (input) => encodeDocuments(tokenizer, input, cutting),
        (rows) =>
          runRows(network, tokenizer, rows, options.signal, ({ outputs }) =>
            rowsOf(outputNamed(outputs, 'logits')).map((logits) => scoreOf(logits, network.config, raw)),
          ),
        (scores, _encoded, input): ModelOutput => ('document' in input ? { score: scores[0] ?? NaN } : { scores }),
      );
    },
    async dispose() {
      await network.dispose();
    },
  };
};

/** A row for each document. What was cut is told of the longest pair. */
function encodeDocuments(tokenizer: TextTokenizer, input: RerankingInput, cutting: Cutting): Encoded {
  const query = tokenizer.tokensOf(input.query);
  const documents = 'document' in input ? [input.document] : input.documents;
  const encoded = documents.map((document) => encodePair(tokenizer, query, tokenizer.tokensOf(document), cutting));
  const cuts = encoded.flatMap(({ truncated }) => truncated ?? []);
  const [longest] = cuts.sort((left: Truncation, right: Truncation) => right.tokens - left.tokens);
  return {
    rows: encoded.flatMap(({ rows }) => rows),
    parts: encoded.flatMap(({ parts }) => parts),
    ...(longest ? { truncated: longest } : {}),
  };
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
  return problem === 'multi_label_classification' ? sigmoid(second) : (softmax(logits)[1] ?? NaN);
}
