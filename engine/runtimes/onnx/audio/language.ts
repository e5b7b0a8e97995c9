import { z } from 'zod';
import { parseWith } from '../../../../planner/index.js';
import type { Library, Pipeline } from '../library.js';
import { outputNamed } from '../outputs.js';
import { floatData } from '../float-data.js';

const generationSchema = z.looseObject({
  is_multilingual: z.boolean().nullish(),
  decoder_start_token_id: z.int(),
  lang_to_id: z.record(z.string(), z.int()).nullish(),
});

/**
 * Makes what hears the language of a recording, as transformers' `detect_language` does: the likeliest of the tokens of
 * languages behind the one that begins a transcript. The library itself takes every recording for English.
 *
 * @returns undefined for a network of one language
 */
export function languageDetector(
  library: Library,
  { model, processor }: Pipeline,
): ((samples: Float32Array) => Promise<string>) | undefined {
  const config = parseWith(generationSchema, model?.generation_config ?? {}, 'generation_config.json');
  const languages = Object.entries(config.lang_to_id ?? {});
  if (!config.is_multilingual || languages.length === 0 || !model || !processor) return undefined;
  const start = BigInt64Array.of(BigInt(config.decoder_start_token_id));
  return async (samples) => {
    const features = await processor(samples);
    const outputs = await model({ ...features, decoder_input_ids: new library.Tensor('int64', start, [1, 1]) });
    const scores = floatData(outputNamed(outputs, 'logits'));
    const [best] = languages.sort(([, one], [, other]) => (scores[other] ?? 0) - (scores[one] ?? 0));
    return (best?.[0] ?? '').replace(/^<\|(.*)\|>$/, '$1');
  };
}
