import { ModelJobError } from '../../../../planner/index.js';
import { textOf, type TextInput } from '../../../models/tasks/text.js';
import { floatData } from '../float-data.js';
import type { ModelLoader } from '../model-source.js';
import { meanOfVectors, normalize as toUnitLength } from '../numbers.js';
import { matrixAmong, rowsOf } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { poolAll } from '../pooling.js';
import { encodeText } from '../tokens/encoded.js';
import { runEncoded } from '../tokens/run-encoded.js';
import { runRows, type Ran } from '../tokens/run-rows.js';
import { cuttingOf, taskParameters, type Pooling } from '../../../models/tasks/parameters/index.js';
import { sentenceModules, type SentenceModules } from './sentence/modules.js';
import { promptOf, strip, textConfigOf } from './sentence/text-config.js';

/**
 * Vectors of texts, as Sentence Transformers makes them. The tokenizer and the model are called directly: the library's
 * own pipeline copies the model's output several times, and makes objects of its rows.
 */
export const textEmbedding: ModelLoader = async (source) => {
  const folder = source.bundle.filesDirectory;
  const config = await textConfigOf(folder);
  const [tokenizer, network] = await Promise.all([
    source.tokenizer(config.maxLength),
    source.network((library) => library.AutoModel),
  ]);
  const modules = await sentenceModules(folder);
  return {
    async run(inputs, options) {
      const { pooling, normalize: unit, ...more } = parametersBy(taskParameters.text_embedding, options);
      const prompt = promptOf(config, more);
      const poolings = pooling === undefined ? modules.poolings : [pooling];
      const skipped = modules.includePrompt ? 0 : promptLength(prompt);
      const finish = (vector: Float32Array): Float32Array => (unit ? toUnitLength(vector) : vector);
      return runEncoded(
        inputs as TextInput[],
        options,
        (input) => encodeText(tokenizer, tokenizer.tokensOf(prepared(prompt + textOf(input))), cuttingOf(more)),
        (rows) =>
          runRows(network, tokenizer, rows, options.signal, (ran) =>
            vectorsOf(ran, { poolings, own: pooling === undefined, skipped, modules }),
          ),
        (vectors) => finish(meanOfVectors(vectors)),
      );
    },
    async dispose() {
      await network.dispose();
    },
  };

  function prepared(text: string): string {
    const stripped = strip(text);
    return config.lowerCase ? stripped.toLowerCase() : stripped;
  }

  /** Tokens of a row that are the prompt's, with the special ones before it. */
  function promptLength(prompt: string): number {
    if (prompt === '') return 0;
    const before = tokenizer.single.slots.findIndex((slot) => 'text' in slot);
    return before + tokenizer.tokensOf(prepared(prompt)).length;
  }
};

interface Reading {
  poolings: readonly Pooling[] | undefined;
  /** Whether a vector that the model pooled itself comes before its tokens' vectors. */
  own: boolean;
  /** Tokens at the beginning of each row that are not pooled. */
  skipped: number;
  modules: SentenceModules;
}

const ready = 'the model gives vectors of texts that are pooled already, and none of tokens';

/** The vectors in a model's outputs: the text's own where it gives them, else those of its tokens, pooled. */
function vectorsOf({ outputs, spans }: Ran, { poolings, own, skipped, modules }: Reading): Float32Array[] {
  const whole = own ? matrixAmong(outputs, ['sentence_embedding']) : undefined;
  if (whole) return rowsOf(whole);
  const found = outputs['last_hidden_state'] ?? outputs['token_embeddings'] ?? outputs['logits'];
  const [batch, tokens, size] = found?.dims ?? [];
  if (found && batch !== undefined && tokens !== undefined && size !== undefined) {
    const vectors = { data: floatData(found), dims: [batch, tokens, size] } as const;
    return spans.map(({ from, to }, row) => {
      const before = Math.min(skipped, Math.max(to - from - 1, 0));
      const pooled = poolAll(vectors, { row, from: from + before, to, before }, poolings ?? ['mean']);
      return modules.steps.reduce(
        (vector, step) => (step.kind === 'dense' ? step.apply(vector) : toUnitLength(vector)),
        pooled,
      );
    });
  }
  const pooled = matrixAmong(outputs, ['sentence_embedding', 'text_embeds', 'pooler_output']);
  if (pooled && !own) throw new ModelJobError('InvalidArgument', `options.parameters.pooling: ${ready}`);
  if (pooled) return rowsOf(pooled);
  const names = Object.entries(outputs).map(([name, { dims }]) => `${name} [${dims.join(', ')}]`);
  throw new ModelJobError('Failed', `the model has no vectors of tokens or of texts, but ${names.join(', ')}`, {
    retryable: false,
  });
}
