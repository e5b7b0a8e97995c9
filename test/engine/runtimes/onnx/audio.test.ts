import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { windowsOf } from '../../../../engine/runtimes/onnx/audio/speech.js';
import { readAudio } from '../../../../engine/runtimes/media/read-audio.js';
import { resample } from '../../../../engine/runtimes/media/resample.js';
import { encodeWav } from '../../../../engine/models/tasks/wav.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { onnxModel } from '../../../helpers/onnx-model.js';
import { toneReader } from '../../../models/audio.js';

type Box = Awaited<ReturnType<typeof onnxModel>>;

const fixtures = fileURLToPath(new URL('../../../fixtures/audio/', import.meta.url));

/** A tone of this many hertz; 0 is silence. */
function tone(frequency: number, seconds: number, rate: number, volume = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * rate) },
    (_, at) => volume * Math.sin((2 * Math.PI * frequency * at) / rate),
  );
}

/** The path of a recording of tones, one after another, in the model's folder. */
async function recording({ folder }: Pick<Box, 'folder'>, tones: readonly Float32Array[], rate = 16_000) {
  const path = join(folder, `${Math.random()}.wav`);
  await writeFile(path, encodeWav([Float32Array.from(tones.flatMap((part) => Array.from(part)))], rate));
  return path;
}

/** The root mean square, apart from both ends. */
function loudness(samples: Float32Array): number {
  const inner = samples.subarray(samples.length / 8, (samples.length * 7) / 8);
  return Math.sqrt(inner.reduce((sum, sample) => sum + sample * sample, 0) / inner.length);
}

describe('a recording', () => {
  it.each(['tone.mp3', 'tone.flac', 'tone.ogg', 'tone.opus'])(
    'is read from %s, as the mean of its channels',
    async (name) => {
      const samples = await readAudio(join(fixtures, name), 16_000);
      // Lossy formats add some silence at both ends.
      expect(samples.length / 16_000).toBeGreaterThan(0.39);
      expect(samples.length / 16_000).toBeLessThan(0.5);
      const middle = samples.subarray(2000, 5200);
      expect(loudness(middle)).toBeCloseTo((0.5 * 0.75) / Math.SQRT2, 2);
      const turns = middle.filter((sample, at) => at > 0 && sample >= 0 !== middle[at - 1]! >= 0).length;
      expect(turns / 2 / (middle.length / 16_000)).toBeCloseTo(440, -1);
    },
  );

  it.each([8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])('keeps its tones when it comes at %i Hz', (rate) => {
    const samples = resample(tone(1000, 0.5, rate), rate, 16_000);
    const wanted = tone(1000, 0.5, 16_000);
    expect(Math.abs(samples.length - wanted.length)).toBeLessThan(2);
    const worst = samples.reduce((most, sample, at) => {
      const inner = at > 400 && at < samples.length - 400;
      return inner ? Math.max(most, Math.abs(sample - (wanted[at] ?? 0))) : most;
    }, 0);
    expect(worst).toBeLessThan(1e-3);
  });

  it('loses the tones that the new rate can’t carry', () => {
    expect(loudness(resample(tone(11_000, 0.5, 48_000), 48_000, 16_000))).toBeLessThan(1e-4);
    expect(loudness(resample(tone(7000, 0.5, 48_000), 48_000, 16_000))).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  it.each(['tone.mp3', 'tone.flac', 'tone.ogg', 'tone.opus'])(
    'of %s is decoded no further than it may go',
    async (name) => {
      await expect(readAudio(join(fixtures, name), 16_000, 5000)).rejects.toMatchObject({
        code: 'ResourceLimit',
        message: expect.stringContaining('has more samples than one may have (5000)') as string,
      });
    },
  );

  it('must be whole enough to decode', async () => {
    const folder = await temporaryFolder();
    const header = encodeWav([new Float32Array(0)], 16_000);
    const files = { 'none.wav': header, 'cut.wav': header.subarray(0, 20), 'other.wav': Buffer.from('no recording') };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content);
      await expect(readAudio(join(folder, name), 16_000)).rejects.toMatchObject({
        code: 'InvalidArgument',
        message: expect.stringContaining("can't be decoded") as string,
      });
    }
  });
});

describe('audio classification', () => {
  it('orders the labels of each recording, and gives the error of a broken one at its place', async () => {
    const box = await onnxModel('audio_classification');
    const loud = await recording(box, [tone(440, 0.3, 16_000)]);
    const quiet = await recording(box, [tone(440, 0.3, 44_100, 0.01)], 44_100);
    const broken = join(box.folder, 'broken.wav');
    await writeFile(broken, 'RIFF....WAVE');
    const outputs = await box.outputs([loud, broken, { audio: quiet }]);
    expect(outputs).toMatchObject([
      [{ label: 'loud' }, { label: 'quiet' }],
      { code: 'InvalidArgument' },
      [{ label: 'quiet' }, { label: 'loud' }],
    ]);
  });
});

describe('audio embedding', () => {
  it('gives a vector of length 1 for each recording', async () => {
    const box = await onnxModel('audio_embedding');
    const paths = [
      await recording(box, [tone(400, 0.4, 16_000)]),
      await recording(box, [tone(1200, 0.4, 48_000)], 48_000),
    ];
    const [low, high] = (await box.run(paths)) as Float32Array[];
    expect(low).toBeInstanceOf(Float32Array);
    expect(Array.from(low!)).toEqual([1, 0, 0].map((value) => expect.closeTo(value, 2) as number));
    expect(Array.from(high!)).toEqual([0, 0, 1].map((value) => expect.closeTo(value, 2) as number));
  });

  it('says what is wrong with a recording that is too short for the model', async () => {
    const box = await onnxModel('audio_embedding');
    const short = await recording(box, [tone(400, 0.001, 16_000)]);
    const whole = await recording(box, [tone(400, 0.1, 16_000)]);
    expect(await box.run([short, whole])).toMatchObject([{ code: 'Failed', retryable: false }, {}]);
  });
});

describe('speech recognition', () => {
  it('writes down what it hears', async () => {
    const box = await onnxModel('speech_recognition');
    const part = (frequency: number) => tone(frequency, 0.1, 16_000);
    const [a, b, space, pause] = [part(400), part(800), part(1200), part(0)];
    const paths = [await recording(box, [a, pause, a, b]), await recording(box, [b, space, a])];
    expect(await box.outputs([paths[0]!, { audio: paths[1]! }])).toEqual([{ text: 'AAB' }, { text: 'B A' }]);
    await cp(join(fixtures, 'tone.mp3'), join(box.folder, 'tone.mp3'));
    expect(await box.outputs([join(box.folder, 'tone.mp3')])).toMatchObject([{ text: expect.any(String) as string }]);
  });

  it('keeps letters that are doubled, whatever kind of token parts them, by Python’s vocabulary too', async () => {
    const { 'tokenizer.json': json, ...files } = toneReader();
    const { model } = json as { model: { vocab: object } };
    const special = Object.assign({}, json, { added_tokens: [{ id: 0, content: '<pad>', special: true }] });
    for (const more of [{ 'tokenizer.json': special }, { 'vocab.json': model.vocab }]) {
      const box = await onnxModel('speech_recognition', { ...files, ...more });
      const [a, pause] = [tone(400, 0.1, 16_000), tone(0, 0.1, 16_000)];
      expect(await box.outputs([await recording(box, [a, pause, a])])).toEqual([{ text: 'AA' }]);
    }
  });

  it('is an error where the vocabulary is another network’s', async () => {
    const { 'tokenizer.json': _, ...files } = toneReader();
    const box = await onnxModel('speech_recognition', { ...files, 'vocab.json': { '<pad>': 0, '|': 1, A: 2 } });
    const [a, b] = [await recording(box, [tone(400, 0.1, 16_000)]), await recording(box, [tone(800, 0.1, 16_000)])];
    expect(await box.outputs([a, b])).toMatchObject([
      { text: 'A' },
      { code: 'Failed', message: expect.stringContaining('class 3 is not in the vocabulary') as string },
    ]);
    await expect(
      onnxModel('speech_recognition', { ...files, 'vocab.json': { '[PAD]': 0, '|': 1, A: 2, B: 3 } }),
    ).rejects.toMatchObject({ code: 'Failed', message: expect.stringContaining('pad_token "<pad>"') as string });
  });

  it('is cut into windows that share a sixth, or what is asked for as long as they move on', () => {
    expect(windowsOf({})).toEqual({ chunk_length_s: 30, stride_length_s: 5 });
    expect(windowsOf({ chunk_length_s: 6 })).toEqual({ chunk_length_s: 6, stride_length_s: 1 });
    expect(windowsOf({ chunk_length_s: 6, stride_length_s: 0 })).toEqual({ chunk_length_s: 6, stride_length_s: 0 });
    for (const given of [{ stride_length_s: 15 }, { chunk_length_s: 10, stride_length_s: 5 }]) {
      expect(() => windowsOf(given)).toThrow(/options\.parameters\.stride_length_s: .* half of chunk_length_s/);
    }
  });

  it.each(['wav2vec2', 'parakeet_ctc'])('refuses parameters that a model of %s can’t obey', async (type) => {
    const files = { ...toneReader(), 'config.json': { model_type: type } };
    const box = await onnxModel('speech_recognition', files);
    const path = await recording(box, [tone(400, 0.1, 16_000)]);
    await expect(box.run([path], { language: 'en' })).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('options.parameters.language') as string,
    });
  });
});
