import { z } from 'zod';
import { textOf, type TextInput } from '../../tasks/text.js';
import { bestLabels } from '../classification.js';
import { floatData } from '../float-data.js';
import type { ModelLoader } from '../model-source.js';
import { outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';

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
      const logits = outputNamed(await network(tokenizer(texts, { padding: true, truncation: true })), 'logits');
      const size = logits.data.length / texts.length;
      const data = floatData(logits);
      return texts.map((_, row) => {
        const labels = bestLabels(data.subarray(row * size, (row + 1) * size), network.config, count ?? undefined);
        const [best] = labels;
        return count === 1 && best ? best : labels;
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};
