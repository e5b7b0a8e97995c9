import { describe, expect, it } from 'vitest';
import { languageDetector } from '../../../../../engine/runtimes/onnx/audio/language.js';
import { loadLibrary, type Pipeline, type Tensors } from '../../../../../engine/runtimes/onnx/library.js';

const config = { is_multilingual: true, decoder_start_token_id: 9, lang_to_id: { '<|en|>': 1, '<|de|>': 2 } };

/** A pipeline whose network finds these scores of tokens likely, and keeps what it was given. */
async function whisper(scores: readonly number[], generation_config: object = config) {
  const library = await loadLibrary();
  const given: Tensors[] = [];
  const logits = new library.Tensor('float32', Float32Array.from(scores), [1, 1, scores.length]);
  const model = Object.assign(
    (inputs: Tensors) => {
      given.push(inputs);
      return Promise.resolve({ logits });
    },
    { generation_config },
  );
  const pipeline = { model, processor: () => Promise.resolve({}) } as unknown as Pipeline;
  return { given, detect: languageDetector(library, pipeline) };
}

describe('the language of a recording', () => {
  it('is the likeliest of the languages, whatever else is likely behind the token that begins', async () => {
    const { given, detect } = await whisper([7, 1, 3]);
    expect(await detect?.(new Float32Array(8))).toBe('de');
    expect(given[0]?.['decoder_input_ids']?.data).toEqual(BigInt64Array.of(9n));
    expect(await (await whisper([7, 3, 1])).detect?.(new Float32Array(8))).toBe('en');
  });

  it('is not asked of a network of one language', async () => {
    expect((await whisper([1], { ...config, is_multilingual: false })).detect).toBeUndefined();
    expect((await whisper([1], { decoder_start_token_id: 9 })).detect).toBeUndefined();
  });
});
