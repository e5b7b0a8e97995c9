import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { programBackends } from '../../../../engine/runtimes/program/backends.js';
import { runtime } from '../../../../engine/runtimes/program/runtime.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { errorOf, lives, loadRequest, runOptions } from '../../../helpers/adapter.js';
import { programBox } from '../../../helpers/program-box.js';

const program = fileURLToPath(new URL('../../../fixtures/programs/command-line-model.js', import.meta.url));

describe('a program that fails', () => {
  it('is the error of one input, with its status and its last words, and leaves nothing', async () => {
    const box = await programBox([]);
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

  it('is lost with its input when a signal ended it', async () => {
    const { run } = await (await programBox([])).load('opencv', 'crash');
    expect(await run([{}])).toMatchObject([
      { loss: 'Crashed', detail: `\`${program}\` exited with status signal: SIGSEGV` },
    ]);
  });

  it('is stopped when it takes too long', async () => {
    const box = await programBox([]);
    const pids = join(box.folder, 'pids');
    const { run } = await box.load('opencv', `hang --pids '${pids}'`, {}, { command: { timeoutSeconds: 1 } });
    expect(await run([{}])).toMatchObject([
      { loss: 'TimedOut', detail: `\`${program}\` took longer than 1 s and was stopped` },
    ]);
    await expectDead(pids);
  });

  it('ends with all that it started when the job is cancelled', async () => {
    const box = await programBox([]);
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
    [['a.yml', 'b.yml', 'README.md'], 'x {model}', 'there are several weights (a.yml, b.yml)'],
    [['config.json', 'README.md'], 'x {model}', 'there are no weights'],
    [['a.bin'], 'x {model:b.bin}', 'the bundle has no `b.bin`'],
    [['a.bin'], 'x {model:../../x}', 'the bundle has no `../../x`'],
  ])('needs the files that its template names: %j for %s', async (names, template, message) => {
    const box = await programBox(names);
    expect((await errorOf(box.load('opencv', template))).detail).toContain(message);
  });

  it.each<[string[], string]>([
    [['haarcascade_frontalface.xml', 'LICENSE'], 'haarcascade_frontalface.xml'],
    [['face.bin', 'face.xml'], 'face.xml'],
    [['svm/model.yml', 'README.md', 'config.json'], 'svm/model.yml'],
    [['model', '.gitattributes'], 'model'],
  ])('finds its only model among %j', async (names, model) => {
    const box = await programBox(names);
    const { run } = await box.load('opencv', 'arguments {model}');
    expect(await run([{}])).toEqual([[join(box.folder, 'files', model)]]);
  });

  it('needs a bundle where its template names one', async () => {
    const { request } = loadRequest({ backend: 'opencv', settings: { programs: { opencv: `${program} {bundle}` } } });
    expect((await errorOf(runtime.load(request))).detail).toBe('spec.files: the program needs a model with files');
  });
});

async function expectDead(pids: string): Promise<void> {
  const all = (await readFile(pids, 'utf8')).split(' ').map(Number);
  expect(all).toHaveLength(2);
  await vi.waitFor(() => expect(all.filter(lives)).toEqual([]), 3000);
}
