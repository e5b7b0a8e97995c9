import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LoadRequest } from '../../../../engine/models/contract/model-runtime.js';
import { programBackends } from '../../../../engine/runtimes/program/backends.js';
import { runtime } from '../../../../engine/runtimes/program/runtime.js';
import type { JsonValue, ModelSpec } from '../../../../planner/index.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { bundleIn, errorOf, lives, loadRequest, runOptions } from '../../../helpers/adapter.js';

const program = fileURLToPath(new URL('../../../fixtures/programs/command-line-model.js', import.meta.url));

describe('whisper_cpp', () => {
  const template = 'whisper -m {model} -f {input} -t {threads} -l {param:language=auto} -of {output}/result';

  it('gives a transcript in the shape of speech_recognition, and its files', async () => {
    const box = await boxWith(['ggml-tiny.bin', 'README.md']);
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
    const box = await boxWith([]);
    const audio = await box.file('speech.txt', ' a transcript\n');
    const { run } = await box.load('whisper_cpp', 'read {input}', { task: 'speech_recognition' });
    expect(await run([audio])).toEqual([{ text: 'a transcript', files: [] }]);
  });

  it('fails where the program made nothing, though it says that all went well', async () => {
    const box = await boxWith([]);
    const { run } = await box.load('whisper_cpp', 'nothing');
    expect(await run([{ text: 'x' }])).toMatchObject([{ code: 'Failed', detail: 'the program made no transcript' }]);
    expect(await readdir(join(box.folder, 'run'))).toEqual([]);
  });
});

describe('demucs', () => {
  it('lists its stems', async () => {
    const box = await boxWith([]);
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
    const box = await boxWith([]);
    const { run } = await box.load('demucs', 'nothing');
    expect(await run([{ text: '' }])).toMatchObject([{ code: 'Failed', detail: 'the program made no stems' }]);
  });
});

describe('open_cv, candle and cuda_oxide', () => {
  it('give the JSON that the program printed', async () => {
    const box = await boxWith([]);
    const { run } = await box.load('candle', 'arguments {text} {threads}', { task: 'text_embedding' });
    expect(await run(['zwei Wörter', { text: '$(x)' }])).toEqual([
      ['zwei Wörter', '2'],
      ['$(x)', '2'],
    ]);
  });

  it('give the JSON that the program wrote, beside its other files; links that lead out are none', async () => {
    const box = await boxWith([]);
    const { run, files } = await box.load('opencv', 'picture -o {output}');
    expect(await run([{}])).toMatchObject([
      { result: [{ label: 'cat' }], files: [{ name: 'boxes.png', mediaType: 'image/png' }] },
    ]);
    expect(files.map(({ path, kind }) => [basename(path), kind])).toEqual([
      ['boxes.png', 'image'],
      ['result.json', 'json'],
    ]);
  });

  it('give the program a text or JSON as a file', async () => {
    const box = await boxWith([]);
    const { run } = await box.load('cuda_oxide', 'read {input}');
    expect(await run(['plain\ntext', { a: [1] }])).toEqual([{ text: 'plain\ntext' }, { a: [1] }]);
  });

  it('run a file of the request only inside the roots', async () => {
    const box = await boxWith([]);
    const { run } = await box.load('opencv', 'read {input}');
    expect(await run([{ path: '/etc/passwd' }, { path: join(box.folder, 'none') }])).toMatchObject([
      { code: 'PermissionDenied' },
      { code: 'NotFound', detail: `path: \`${join(box.folder, 'none')}\` is not a file` },
    ]);
  });

  it('never show the secrets of the worker to the program', async () => {
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { run } = await (await boxWith([])).load('opencv', 'environment');
    const [environment] = await run([{}]);
    expect(environment).toHaveProperty('PATH');
    expect(environment).not.toHaveProperty('HF_TOKEN');
  });
});

describe('a program that fails', () => {
  it('is the error of one input, with its status and its last words, and leaves nothing', async () => {
    const box = await boxWith([]);
    const { run, lines } = await box.load('opencv', 'fails -o {output}');
    const [output] = await run([{}]);
    expect(output).toMatchObject({
      code: 'Failed',
      detail: `\`${program}\` exited with status exit status: 3; its last words: error: bad magic`,
      details: { stderr: 'loading\nerror: bad magic\n' },
      retryable: false,
    });
    expect(lines).toContain(`${program}: error: bad magic`);
    expect(await readdir(join(box.folder, 'run'))).toEqual([]);
  });

  it('is a fault that may pass when a signal ended it', async () => {
    const { run } = await (await boxWith([])).load('opencv', 'crash');
    expect(await errorOf(run([{}]))).toMatchObject({
      detail: `\`${program}\` exited with status signal: SIGSEGV`,
      retryable: true,
    });
  });

  it('is stopped when it takes too long', async () => {
    const box = await boxWith([]);
    const pids = join(box.folder, 'pids');
    const { run } = await box.load('opencv', `hang --pids '${pids}'`, {}, { command: { timeoutSeconds: 1 } });
    expect(await run([{}])).toMatchObject([{ detail: `\`${program}\` took longer than 1 s and was stopped` }]);
    await expectDead(pids);
  });

  it('ends with all that it started when the job is cancelled', async () => {
    const box = await boxWith([]);
    const pids = join(box.folder, 'pids');
    const { run } = await box.load('opencv', `hang --pids '${pids}'`);
    const controller = new AbortController();
    const running = run([{}], {}, controller.signal);
    running.catch(() => undefined);
    await vi.waitFor(() => readFile(pids, 'utf8'), 5000);
    const cancelledAt = Date.now();
    controller.abort(new Error('cancelled by the job'));
    await expect(running).rejects.toThrow('cancelled by the job');
    expect(Date.now() - cancelledAt).toBeLessThan(2500);
    await expectDead(pids);
    expect(await readdir(join(box.folder, 'run'))).toEqual([]);
  });
});

describe('a backend that is not ready', () => {
  it.each(Object.entries(programBackends))('says how to configure %s', async (backend, { setting, example }) => {
    const error = await errorOf(runtime.load(loadRequest({ backend }).request));
    expect(error.code).toBe('MissingDependency');
    expect(error.detail).toBe(
      `backend \`${backend}\` is not configured on this worker; its operator sets ${setting}, such as \`${example}\``,
    );
  });

  it('names a program that is not there', async () => {
    const { request } = loadRequest({
      backend: 'demucs',
      settings: { programs: { demucs: 'no-such-program {input}' } },
    });
    expect(await errorOf(runtime.load(request))).toMatchObject({
      code: 'MissingDependency',
      detail: "`no-such-program`, the program of MODEL_JOBS_DEMUCS, is not on this worker's PATH, or can't be executed",
    });
  });

  it('finds its program on the PATH', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'detect'), '#!/bin/sh\necho "\\"$1\\""\n');
    await chmod(join(folder, 'detect'), 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { request } = loadRequest({ backend: 'opencv', settings: { programs: { opencv: 'detect {text}' } } });
    const model = await runtime.load(request);
    expect(await model.run(['a'], (await runOptions(folder)).options)).toEqual(['a']);
  });

  it.each<[string[], string, string]>([
    [['a.bin', 'b.onnx'], 'x {model}', 'there are several weights (a.bin, b.onnx)'],
    [['config.json'], 'x {model}', 'there are no weights'],
    [['a.bin'], 'x {model:b.bin}', 'the bundle has no `b.bin`'],
    [['a.bin'], 'x {model:../../x}', 'the bundle has no `../../x`'],
  ])('needs the files that its template names: %j for %s', async (names, template, message) => {
    const box = await boxWith(names);
    expect((await errorOf(box.load('opencv', template))).detail).toContain(message);
  });

  it('needs a bundle where its template names one', async () => {
    const { request } = loadRequest({ backend: 'opencv', settings: { programs: { opencv: `${program} {bundle}` } } });
    expect((await errorOf(runtime.load(request))).detail).toBe('spec.files: the program needs a model with files');
  });
});

/** A folder with a bundle of these files, where the test program runs. */
async function boxWith(names: string[]) {
  const folder = await temporaryFolder();
  const bundle = bundleIn(folder);
  for (const path of names.map((name) => join(bundle.filesDirectory, name))) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, basename(path));
  }
  return {
    folder,
    async file(name: string, text: string): Promise<string> {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    },
    async load(backend: string, template: string, spec: Partial<ModelSpec> = {}, options: LoadRequest['options'] = {}) {
      const programs = { [backend]: `'${program}' ${template}` };
      const settings = { roots: [folder], programs };
      const { request, lines } = loadRequest({ backend, bundle, spec, options, threads: 2, settings });
      const model = await runtime.load(request);
      const { options: run, files } = await runOptions(folder);
      return {
        lines,
        files,
        run: (inputs: JsonValue[], parameters: Record<string, JsonValue> = {}, signal = run.signal) =>
          model.run(inputs, { ...run, parameters, signal }),
      };
    },
  };
}

async function expectDead(pids: string): Promise<void> {
  const all = (await readFile(pids, 'utf8')).split(' ').map(Number);
  expect(all).toHaveLength(2);
  await vi.waitFor(() => expect(all.filter(lives)).toEqual([]), 3000);
}
