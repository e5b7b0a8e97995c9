import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeSentimentModel } from './onnx-graph.js';
import { modelCard } from './model-card.js';
import { maxLength, specialTokensMap, tokenizerConfig, tokenizerJson } from './tokenizer.js';
import { sentimentVocabulary, type VocabularyEntry } from './vocabulary.js';

/**
 * Writes the sentiment model's repository into a folder, the same bytes each time.
 *
 * @returns the paths written, relative to the folder.
 */
export async function buildModel(folder: string): Promise<string[]> {
  const files = modelFiles(sentimentVocabulary());
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  return Object.keys(files);
}

function modelFiles(vocabulary: VocabularyEntry[]): Record<string, string | Uint8Array> {
  return {
    'README.md': modelCard(vocabulary.length),
    'config.json': json(modelConfig(vocabulary.length)),
    'onnx/model.onnx': encodeSentimentModel(vocabulary),
    'special_tokens_map.json': json(specialTokensMap()),
    'tokenizer.json': json(tokenizerJson(vocabulary)),
    'tokenizer_config.json': json(tokenizerConfig()),
  };
}

/** The model type only names the inputs that libraries feed: `input_ids` and `attention_mask`. */
function modelConfig(vocabularySize: number): object {
  return {
    architectures: ['DistilBertForSequenceClassification'],
    model_type: 'distilbert',
    id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' },
    label2id: { NEGATIVE: 0, POSITIVE: 1 },
    max_position_embeddings: maxLength,
    pad_token_id: 0,
    vocab_size: vocabularySize,
    'transformers.js_config': { dtype: 'fp32' },
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Compiled, this file is dist/demo/model/build.js of the checkout.
  const checkout = fileURLToPath(new URL('../../../', import.meta.url));
  const folder = resolve(process.argv[2] ?? join(checkout, 'demo/model/afinn-sentiment'));
  const paths = await buildModel(folder);
  process.stdout.write(`${paths.map((path) => join(folder, path)).join('\n')}\n`);
}
