import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { encodeWav } from '../../../../engine/models/tasks/wav.js';
import type { JsonValue } from '../../../../planner/index.js';
import { plainPng } from '../../../helpers/media.js';
import { programBox } from '../../../helpers/program-box.js';

const recordings = fileURLToPath(new URL('../../../fixtures/audio', import.meta.url));

describe('whisper_cpp', () => {
  const template = 'whisper -m {model} -f {input} -t {threads} -l {param:language=auto} -of {output}/result';

  it('gives a transcript in the shape of speech_recognition, and its files', async () => {
    const box = await programBox(['ggml-tiny.bin', 'README.md']);
    const audio = await box.file('speech.wav', 'RIFF');
    const { run, files } = await box.load('whisper_cpp', template, { task: 'speech_recognition' });
    const path = join(box.folder, 'run/1/result.json');
    expect(await run([{ audio }], { language: 'de' })).toEqual([
      {
        text: 'Hello 4 bytes.',
        language: 'de',
        chunks: [
          { timestamp: [0, 1.5], text: ' Hello' },
          { timestamp: [1.5, 2.25], text: ' 4 bytes.' },
        ],
        files: [{ name: 'result.json', uri: pathToFileURL(path).href, mediaType: 'application/json' }],
      },
    ]);
    expect(files).toEqual([{ path, kind: 'json', mediaType: 'application/json' }]);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ model: { type: 'ggml-tiny.bin' } });
  });

  it('takes what the program printed where it wrote no file', async () => {
    const box = await programBox([]);
    const audio = await box.file('speech.txt', ' a transcript\n');
    const { run } = await box.load('whisper_cpp', 'read {input}', { task: 'speech_recognition' });
    expect(await run([audio])).toEqual([{ text: 'a transcript', files: [] }]);
  });

  it('fails where the program made nothing, though it says that all went well', async () => {
    const box = await programBox([]);
    const { run } = await box.load('whisper_cpp', 'nothing');
    expect(await run([{ text: 'x' }])).toMatchObject([{ code: 'Failed', detail: 'the program made no transcript' }]);
    expect(await readdir(join(box.folder, 'run'))).toEqual([]);
  });

  it('says why the program made nothing, in its own words', async () => {
    const { run } = await (await programBox([])).load('whisper_cpp', 'complains');
    expect(await run([{ text: 'x' }])).toMatchObject([
      {
        detail:
          'the program made no transcript; its last words: loading / read_wav: must be 16 kHz / error: failed to read',
      },
    ]);
  });

  it.each(['tone.mp3', 'tone.flac', 'tone.ogg', 'tone.opus'])('gives the program %s at its own rate', async (name) => {
    const box = await programBox([]);
    const { run } = await box.load('whisper_cpp', 'look {input}', { task: 'speech_recognition' }, {}, [recordings]);
    const [seen] = await run([{ audio: join(recordings, name) }]);
    expect(seen).toMatchObject({ text: expect.stringMatching(/\/tone\.wav pcm 1 x 16 bits at 16000 Hz/) as string });
    expect(await readdir(join(box.folder, 'run'))).toEqual([]);
  });

  it.each<[rate: number, channels: number, said: string]>([
    [44_100, 1, 'converted/speech.wav pcm 1 x 16 bits at 16000 Hz'],
    [16_000, 1, 'given/speech.wav pcm 1 x 16 bits at 16000 Hz'],
    [16_000, 2, 'given/speech.wav pcm 2 x 16 bits at 16000 Hz'],
  ])('converts WAV of %i Hz and %i channels where it must', async (rate, channels, said) => {
    const box = await programBox([]);
    const samples = Float32Array.from({ length: rate }, (_, at) => Math.sin(at / 10));
    const audio = await box.file('given/speech.wav', encodeWav(new Array<Float32Array>(channels).fill(samples), rate));
    const { run } = await box.load('whisper_cpp', 'look {input}', { task: 'speech_recognition' });
    expect(await run([{ audio }])).toMatchObject([{ text: expect.stringContaining(said) as string }]);
  });

  it('says what is wrong with a recording that can’t be decoded', async () => {
    const box = await programBox([]);
    const audio = await box.file('broken.mp3', 'ID3 and nothing more');
    const { run } = await box.load('whisper_cpp', 'look {input}', { task: 'speech_recognition' });
    expect(await run([{ audio }])).toMatchObject([
      { code: 'InvalidArgument', detail: expect.stringContaining("broken.mp3` can't be decoded") as string },
    ]);
  });
});

describe('demucs', () => {
  it('lists its stems', async () => {
    const box = await programBox([]);
    const track = await box.file('song.mp3', 'ID3');
    const { run, files } = await box.load('demucs', 'demucs -n {param:name=htdemucs} -o {output} {input}', {
      task: 'source_separation',
    });
    const [output] = (await run([{ audio: track }])) as [{ stems: { stem: string; name: string; uri: string }[] }];
    expect(output.stems.map(({ stem }) => stem)).toEqual(['bass', 'drums', 'other', 'vocals']);
    expect(output.stems[3]).toMatchObject({ name: 'htdemucs/song/vocals.wav', mediaType: 'audio/wav' });
    expect(files.map(({ path }) => pathToFileURL(path).href)).toEqual(output.stems.map(({ uri }) => uri));
  });

  it('fails without stems', async () => {
    const box = await programBox([]);
    const { run } = await box.load('demucs', 'nothing');
    expect(await run([{ text: '' }])).toMatchObject([{ code: 'Failed', detail: 'the program made no stems' }]);
  });
});

describe('open_cv, candle and cuda_oxide', () => {
  it('give the JSON that the program printed', async () => {
    const box = await programBox([]);
    const { run } = await box.load('candle', 'arguments {text} {threads}', { task: 'text_embedding' });
    expect(await run(['zwei Wörter', { text: '$(x)' }])).toEqual([
      ['zwei Wörter', '2'],
      ['$(x)', '2'],
    ]);
  });

  it('give the JSON that the program wrote, beside its other files; links that lead out are none', async () => {
    const box = await programBox([]);
    const { run, files } = await box.load('opencv', 'picture -o {output}');
    expect(await run([{}])).toMatchObject([
      { result: [{ label: 'cat' }], files: [{ name: 'boxes.png', mediaType: 'image/png' }] },
    ]);
    expect(files.map(({ path, kind }) => [basename(path), kind])).toEqual([
      ['boxes.png', 'image'],
      ['result.json', 'json'],
    ]);
  });

  it('give the program an image or a recording in the form that its template names', async () => {
    const box = await programBox([]);
    const image = await box.file(
      'cat.jpg',
      await sharp(await plainPng('red'))
        .jpeg()
        .toBuffer(),
    );
    const looks = async (backend: string, template: string, input: JsonValue) => {
      const { run } = await box.load(backend, template, {}, {}, [recordings]);
      const [seen] = (await run([input])) as [{ text: string }];
      return seen.text;
    };
    expect(await looks('candle', 'look {input:png}', { image })).toContain('/cat.png png');
    expect(await looks('candle', 'look {input:wav@8000}', { audio: join(recordings, 'tone.mp3') })).toContain(
      '8000 Hz',
    );
    expect(await looks('candle', 'look {input:wav}', { audio: join(recordings, 'tone.mp3') })).toContain(
      'pcm 2 x 16 bits at 22050 Hz',
    );
    expect(await looks('candle', 'look {input:png}', { path: join(box.folder, 'files') + '/../cat.jpg' })).toContain(
      'png',
    );
    expect(await looks('candle', 'look {input:png}', 'a text')).toContain('/input.txt other');
  });

  it.each([
    ['avif', '/cat.png png'],
    ['gif', '/cat.png png'],
    ['jpeg', '/cat.jpeg other'],
    ['webp', '/cat.webp other'],
  ] as const)('give OpenCV %s as every build of it reads it', async (format, said) => {
    const box = await programBox([]);
    const image = await box.file(
      `cat.${format}`,
      await sharp(await plainPng('red'))
        .toFormat(format)
        .toBuffer(),
    );
    const { run } = await box.load('opencv', 'look {input}', { task: 'object_detection' });
    expect(await run([{ image }])).toMatchObject([{ text: expect.stringContaining(said) as string }]);
  });

  it('give the program a text or JSON as a file', async () => {
    const box = await programBox([]);
    const { run } = await box.load('cuda_oxide', 'read {input}');
    expect(await run(['plain\ntext', { a: [1] }])).toEqual([{ text: 'plain\ntext' }, { a: [1] }]);
  });

  it('run a file of the request only inside the roots', async () => {
    const box = await programBox([]);
    const { run } = await box.load('opencv', 'read {input}');
    expect(await run([{ path: '/etc/passwd' }, { path: join(box.folder, 'none') }])).toMatchObject([
      { code: 'PermissionDenied' },
      { code: 'NotFound', detail: `path: \`${join(box.folder, 'none')}\` is not a file` },
    ]);
  });

  it('never show the secrets of the worker to the program', async () => {
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { run } = await (await programBox([])).load('opencv', 'environment');
    const [environment] = await run([{}]);
    expect(environment).toHaveProperty('PATH');
    expect(environment).not.toHaveProperty('HF_TOKEN');
  });
});
