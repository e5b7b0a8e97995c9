import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '../../../../../engine/models/tasks/wav.js';
import { loadExtractor } from '../../../../../engine/runtimes/onnx/audio/extractor/load-extractor.js';
import { hear, type Hearing } from '../../../../../engine/runtimes/onnx/audio/heard.js';
import { obeyedBy, refuseOthers } from '../../../../../engine/runtimes/onnx/audio/obeyed-parameters.js';
import { loadLibrary } from '../../../../../engine/runtimes/onnx/library.js';
import type { ModelSource } from '../../../../../engine/runtimes/onnx/model-source.js';
import { temporaryFolder } from '../../../../helpers/activity.js';

const rate = 8000;

async function extractorOf(config: object) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify(config));
  const bundle = { root: folder, filesDirectory: folder, digest: 'test' };
  return loadExtractor({ bundle, library: await loadLibrary() } as unknown as ModelSource);
}

/** What a network that hears half a second is given of a recording of 1.2 seconds. */
async function heard(truncation: Hearing) {
  const file = join(await temporaryFolder(), 'count.wav');
  const samples = Float32Array.from({ length: rate * 1.2 }, (_, at) => at / 32_768);
  await writeFile(file, encodeWav([samples], rate));
  return hear(file, { rate, longest: rate / 2, inputsOf: () => Promise.resolve({}) }, truncation);
}

describe('a recording that is longer than a network hears', () => {
  it('is cut at its end, and told so', async () => {
    const { parts, truncated } = await heard('cut');
    expect(parts.map(({ length }) => length)).toEqual([rate / 2]);
    expect(truncated).toEqual({ seconds: 1.2, kept: 0.5 });
  });

  it('is an error, or read in whole windows, where that is asked for', async () => {
    await expect(heard('refuse')).rejects.toThrow('the recording has 1.20 seconds, more than the model hears (0.50)');
    const { parts, truncated } = await heard('windows');
    expect(truncated).toBeUndefined();
    expect(parts.map((part) => Math.round((part[0] ?? -1) * 32_768))).toEqual([0, 4000, 5600]);
    expect(parts.every(({ length }) => length === 4000)).toBe(true);
  });
});

describe('an extractor', () => {
  it('hears as long as its class does, with the defaults of its class', async () => {
    const lengths = async (config: object) => {
      const { rate: samples, longest } = await extractorOf(config);
      return longest / samples;
    };
    expect(await lengths({ feature_extractor_type: 'ASTFeatureExtractor' })).toBeCloseTo(10.255, 6);
    expect(await lengths({ feature_extractor_type: 'ASTFeatureExtractor', max_length: 128 })).toBeCloseTo(1.295, 6);
    expect(await lengths({ feature_extractor_type: 'ClapFeatureExtractor', truncation: 'rand_trunc' })).toBe(10);
    expect(await lengths({ feature_extractor_type: 'WhisperFeatureExtractor', chunk_length: 20 })).toBe(20);
    expect(await lengths({ feature_extractor_type: 'Wav2Vec2FeatureExtractor' })).toBe(Infinity);
  });

  it('normalizes unless it is told not to, as Python does', async () => {
    const samples = Float32Array.from({ length: 1000 }, (_, at) => Math.sin(at));
    const largest = async (config: object) => {
      const { inputsOf } = await extractorOf({ feature_extractor_type: 'Wav2Vec2FeatureExtractor', ...config });
      return Math.max(...((await inputsOf(samples))['input_values']?.data as Float32Array));
    };
    expect(await largest({})).toBeCloseTo(Math.SQRT2, 2);
    expect(await largest({ do_normalize: false })).toBeCloseTo(1, 3);
  });

  it.each([
    [{ feature_extractor_type: 'ClapFeatureExtractor', truncation: 'fusion' }, /truncation.*fusion/],
    [{ feature_extractor_type: 'ClapFeatureExtractor' }, /truncation/],
    [{ feature_extractor_type: 'ClapFeatureExtractor', truncation: 'rand_trunc', top_db: 80 }, /top_db/],
    [{ feature_extractor_type: 'WhisperFeatureExtractor', dither: 0.5 }, /dither/],
    [{ feature_extractor_type: 'ASTFeatureExtractor', max_length: 'long' }, /max_length/],
  ])('refuses settings that it does not obey: %j', async (config, message) => {
    await expect(extractorOf(config)).rejects.toMatchObject({
      code: 'Failed',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('a network that writes what it hears', () => {
  it.each([
    ['moonshine', { max_new_tokens: 5 }, 'chunk_length_s'],
    ['cohere_asr', { language: 'fr', temperature: 0.5 }, 'task'],
    ['wav2vec2', {}, 'max_new_tokens'],
  ])('of %s refuses parameters that it would ignore', (type, taken, refused) => {
    const obeyed = obeyedBy(type) ?? [];
    expect(() => refuseOthers(taken, obeyed)).not.toThrow();
    expect(() => refuseOthers({ return_timestamps: false, ...taken, [refused]: 1 }, obeyed)).toThrow(
      `options.parameters.${refused}: this model does not know it`,
    );
    expect(obeyedBy('whisper')).toBeUndefined();
  });
});
