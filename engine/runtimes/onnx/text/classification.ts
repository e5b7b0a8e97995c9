import { z } from 'zod';
import type { ModelOutput } from '../../../models/contract/model-runtime.js';
import { textOf, type TextInput } from '../../../models/tasks/text.js';
import { bestLabels } from '../classification.js';
import type { ModelLoader } from '../model-source.js';
import { outputNamed, rowsOf } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { runTokens } from './token-batches.js';

const parameters = {
  /** How many labels; one comes as itself and not as a list. `null`: all. */
  top_k: z.int().min(1).nullable().default(1),
};

/** Labels of texts, by the tokenizer and a model with a head for classes. */
export const textClassification: ModelLoader = async (source) => {
  const [tokenizer, network] = await Promise.all([
    source.tokenizer(),
    source.network((library) => library.AutoModelForSequenceClassification),
  ]);
  return {
    async run(inputs, options) {
      const { top_k: count } = parametersBy(parameters, options);
      if (inputs.length === 0) return [];
      const texts = inputs.map((input) => textOf(input as TextInput));
      const tokens = tokenizer(texts, { padding: true, truncation: true });
      return runTokens(network, tokens, options.signal, (outputs) =>
        rowsOf(outputNamed(outputs, 'logits')).map((logits): ModelOutput => {
          const labels = bestLabels(logits, network.config, count ?? undefined);
          return count === 1 && labels[0] ? labels[0] : labels;
        }),
      );
    },
    async dispose() {
      await network.dispose();
    },
  };
};
