import { setImmediate as nextTurn } from 'node:timers/promises';
import { textOf, type TextInput } from '../../../models/tasks/text.js';
import type { ModelJobError } from '../../../../planner/index.js';
import { modelError } from '../each-input.js';
import type { Network, NetworkConfig, Tensor } from '../library.js';
import type { ModelLoader } from '../model-source.js';
import { parametersBy } from '../parameters.js';
import { encodeText } from '../tokens/encoded.js';
import type { TokenRow } from '../tokens/row-template.js';
import { runEncoded } from '../tokens/run-encoded.js';
import { inputsOf } from '../tokens/run-rows.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';

/** Texts in one call: more are hardly faster, and take much memory when they are long. */
const batchSize = 8;

/** Tokens of a summary, unless the request says otherwise. */
const usualTokens = 256;

/** A model that writes. */
interface Writer extends Network {
  generate(options: object): Promise<Tensor & { tolist(): bigint[][] }>;
}

/** Shorter texts, by a model that reads one text and writes another. */
export const summarization: ModelLoader = async (source) => {
  const [tokenizer, loaded] = await Promise.all([
    source.tokenizer(),
    source.network((library) => library.AutoModelForSeq2SeqLM),
  ]);
  const network = loaded as Writer;
  const prefix = prefixOf(network.config);
  return {
    async run(inputs, options) {
      const { truncation, ...generation } = parametersBy(taskParameters.summarization, options);
      const longest = generation.max_length === undefined ? { max_new_tokens: usualTokens } : {};
      const write = async (rows: readonly TokenRow[]): Promise<string[]> => {
        const { inputs: tensors } = await inputsOf(rows, tokenizer.padding, false);
        const written = await network.generate({ ...tensors, ...longest, ...generation });
        return written.tolist().map((ids) => tokenizer.textOf(ids.map(Number)));
      };
      return runEncoded(
        inputs as TextInput[],
        options,
        (input) => encodeText(tokenizer, tokenizer.tokensOf(prefix + textOf(input)), { truncation }),
        (rows) => inBatches(rows, options.signal, write),
        ([summary = '']) => ({ summary_text: summary }),
      );
    },
    async dispose() {
      await network.dispose();
    },
  };
};

/** Runs rows together, and each alone where that fails. */
async function inBatches(
  rows: readonly TokenRow[],
  signal: AbortSignal,
  write: (rows: readonly TokenRow[]) => Promise<string[]>,
): Promise<(string | ModelJobError)[]> {
  const outputs: (string | ModelJobError)[] = [];
  for (let start = 0; start < rows.length; start += batchSize) {
    // A call blocks this process: only between two of them it can hear that its job was cancelled.
    await nextTurn();
    signal.throwIfAborted();
    const batch = rows.slice(start, start + batchSize);
    const together = await write(batch).catch(() => undefined);
    if (together) outputs.push(...together);
    else for (const row of batch) outputs.push(await write([row]).then(([text = '']) => text, modelError));
  }
  return outputs;
}

/** What a model was trained to find before a text that is to be summed up. */
function prefixOf({ prefix, task_specific_params: tasks }: NetworkConfig): string {
  return (tasks?.['summarization']?.prefix ?? '') + (prefix ?? '');
}
