import type { ModelOutput } from '../../../models/contract/model-runtime.js';
import { textOf, type TextInput } from '../../../models/tasks/text.js';
import { bestLabels, textScoresOf } from '../classification.js';
import type { ModelLoader } from '../model-source.js';
import { meanOfLists } from '../numbers.js';
import { outputNamed, rowsOf } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { encodeText } from '../tokens/encoded.js';
import { runEncoded } from '../tokens/run-encoded.js';
import { runRows } from '../tokens/run-rows.js';
import { cuttingOf, taskParameters } from '../../../models/tasks/parameters/index.js';

/** Labels of texts; the probabilities of windows are averaged. */
export const textClassification: ModelLoader = async (source) => {
  const [tokenizer, network] = await Promise.all([
    source.tokenizer(),
    source.network((library) => library.AutoModelForSequenceClassification),
  ]);
  return {
    async run(inputs, options) {
      const { top_k: count, ...more } = parametersBy(taskParameters.text_classification, options);
      const cutting = cuttingOf(more);
      return runEncoded(
        inputs as TextInput[],
        options,
        (input) => encodeText(tokenizer, tokenizer.tokensOf(textOf(input)), cutting),
        (rows) =>
          runRows(network, tokenizer, rows, options.signal, ({ outputs }) =>
            rowsOf(outputNamed(outputs, 'logits')).map((logits) => textScoresOf(logits, network.config)),
          ),
        (scores): ModelOutput => {
          const labels = bestLabels(meanOfLists(scores), network.config, count ?? undefined);
          return count === 1 && labels[0] ? labels[0] : labels;
        },
      );
    },
    async dispose() {
      await network.dispose();
    },
  };
};
