import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ModelLost } from '../../../../engine/models/contract/model-lost.js';
import { runtime } from '../../../../engine/runtimes/external/runtime.js';
import type { JsonValue } from '../../../../planner/index.js';
import { ModelJobError } from '../../../../planner/index.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { bundleIn, errorOf, lives, loadRequest, runOptions, valuesOf } from '../../../helpers/adapter.js';

const program = fileURLToPath(new URL('../../../fixtures/programs/served-model.js', import.meta.url));

describe('a served model', () => {
  it('stays alive over many runs and gets inputs and parameters', async () => {
    const { run } = await served('good');
    const first = await run([{ text: 'a\nb' }, { text: 'ü' }], { top_k: 3 });
    const second = await run([{ text: 'c' }]);
    expect(first).toMatchObject([{ text: 'a\nb', parameters: { top_k: 3 } }, { text: 'ü' }]);
    expect(second).toMatchObject([{ text: 'c', parameters: {} }]);
    expect(pidOf(first[0])).toBe(pidOf(second[0]));
  });

  it('is told which model it is', async () => {
    const folder = await temporaryFolder();
    const { run } = await served('good', { bundle: bundleIn(folder), threads: 3 });
    expect(await run([{ do: 'hello' }])).toEqual([
      {
        type: 'hello',
        protocol: 'model-jobs',
        version: 1,
        model: 'model',
        task: 'anything',
        files: join(folder, 'files'),
        threads: 3,
      },
    ]);
  });

  it('may answer in any order, and its errors stand where their inputs stood', async () => {
    const { run } = await served('good');
    const outputs = await run([{ do: 'late', text: 'slow', ms: 150 }, { do: 'bad' }, { text: 'fast' }]);
    expect(outputs).toMatchObject([{ text: 'slow' }, {}, { text: 'fast' }]);
    expect(outputs[1]).toBeInstanceOf(ModelJobError);
    expect(outputs[1]).toMatchObject({ code: 'InvalidArgument', detail: 'this one is bad', retryable: false });
  });

  it('takes a thousand inputs at once, and megabytes in one', async () => {
    const { run } = await served('good');
    const many = Array.from({ length: 1000 }, (_, at) => ({ text: String(at) }));
    expect(await run(many)).toMatchObject(many);
    const [large] = await run([{ text: 'x'.repeat(5_000_000) }]);
    expect((large as { text: string }).text).toHaveLength(5_000_000);
  });

  it('gets its inputs and gives its outputs digit for digit', async () => {
    const { model, folder } = await served('good');
    const { options } = await runOptions(folder);
    const text = '{"do":"text", "id": 9007199254740993,"n":[1.0,-0,1E5]}';
    const [output] = await model.run([JSON.parse(text) as JsonValue], { ...options, rows: [{ index: 0, text }] });
    expect(output).toMatchObject({ text: '{"line": {"do":"text", "id": 9007199254740993,"n":[1.0,-0,1E5]}}' });
  });

  it('may end lines as Windows does, print empty ones, and write what only others take for breaks', async () => {
    const { run } = await served('good');
    expect(await run([{ do: 'lines' }])).toEqual(['\u2028\u0085']);
  });

  it('hands over the files that it made', async () => {
    const { run, files, folder } = await served('good');
    await run([{ do: 'file', text: 'picture' }]);
    expect(files).toEqual([{ path: join(folder, 'run/1/1.png'), kind: 'image', mediaType: 'image/png' }]);
  });

  it('has a folder of its own in that of the job, whatever processes were there before', async () => {
    const { run, folder } = await served('good');
    await run([{ do: 'file', text: 'one' }]);
    await run([{ do: 'lines' }]);
    const { run: runLater } = await served('good', {}, folder);
    await runLater([{ do: 'lines' }]);
    await runLater([{ do: 'file', text: 'two' }]);
    expect((await readdir(join(folder, 'run'), { recursive: true })).sort()).toEqual(['1', '1/1.png', '3', '3/2.png']);
  });

  it('may name no file outside its folder', async () => {
    const { run, folder } = await served('good');
    await writeFile(join(folder, 'secret.txt'), 'secret');
    const error = await errorOf(run([{ do: 'file', path: '../secret.txt' }]));
    expect(error.detail).toBe(
      `\`${program}\` named the file \`../secret.txt\`, which is not in the folder that it was given`,
    );
  });

  it('has its messages and its stderr in the log', async () => {
    const { run, lines } = await served('good');
    await run([{ do: 'notes' }]);
    await vi.waitFor(() =>
      expect(lines.map((line) => line.replace(program, 'it'))).toEqual(
        expect.arrayContaining(['it: ready, test model', 'it: thinking', 'it: progress 1/2 half', 'it: stderr says']),
      ),
    );
  });

  it('never sees the secrets of its worker', async () => {
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { run } = await served('good');
    const [environment] = await run([{ do: 'environment' }]);
    expect(environment).toHaveProperty('PATH');
    expect(environment).not.toHaveProperty('HF_TOKEN');
  });

  it('ends by the end of its input', async () => {
    const { model, run } = await served('good');
    const pid = pidOf((await run([{ text: '' }]))[0]);
    const startedAt = Date.now();
    await model.dispose();
    expect(lives(pid)).toBe(false);
    expect(Date.now() - startedAt).toBeLessThan(700);
  });

  it('ends even when it ignores that and SIGTERM', async () => {
    const { model, run } = await served('stubborn');
    const pid = pidOf((await run([{ text: '' }]))[0]);
    await model.dispose();
    expect(lives(pid)).toBe(false);
  });
});

describe('a program that can not be had', () => {
  it('must be allowed', async () => {
    const { request } = loadRequest({ spec: { source: { kind: 'external_command', command: program } } });
    const error = await errorOf(runtime.load(request));
    expect(error).toMatchObject({ code: 'PermissionDenied', retryable: false });
    expect(error.detail).toContain('MODEL_JOBS_COMMANDS');
  });

  it('must be a command', async () => {
    const error = await errorOf(runtime.load(loadRequest().request));
    expect(error.detail).toBe('spec.source: the external runtime needs an external_command, not local_path');
  });

  it.each([
    ['fails', ['3'], {}, 'ended with status 3; its last words: ModuleNotFoundError: no torch', 'Crashed'],
    ['garbage', [], {}, 'printed a line that is not JSON (its own messages belong on stderr): `Hello!`', undefined],
    ['eager', [], {}, 'answered before it said that it is ready', undefined],
    ['future', [], {}, 'speaks version 99 of the protocol; this worker speaks version 1', undefined],
    ['silent', [], { timeoutSeconds: 0.5 }, 'was not ready after 0.5 s, and was stopped', 'TimedOut'],
  ])('is an error when it starts as %s', async (mode, args, command, detail, loss) => {
    const error = await errorOf(served(mode, { args, command }));
    expect(error).toMatchObject({ code: 'Failed', detail: `\`${program}\` ${detail}`, retryable: false });
    expect((error as Partial<ModelLost>).loss).toBe(loss);
  });

  it('stops waiting when the load is cancelled', async () => {
    const controller = new AbortController();
    const loading = served('silent', { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('cancelled')), 300);
    await expect(loading).rejects.toThrow('cancelled');
  });
});

describe('a served model that fails', () => {
  it.each([
    [{ do: 'exit', status: 3 }, 'ended with status 3; its last words: about to end'],
    [{ do: 'exit', status: 0 }, 'ended with status 0; its last words: about to end'],
    [{ do: 'crash' }, 'was ended by SIGSEGV'],
  ])('is lost with the inputs that have no answer when it does %j, and is started again', async (input, detail) => {
    const { run } = await served('good');
    const [answer, lost, after] = await run([{ text: 'before' }, input, { text: 'after' }]);
    expect(answer).toMatchObject({ text: 'before' });
    expect(lost).toBeInstanceOf(ModelLost);
    expect(lost).toMatchObject({ loss: 'Crashed', detail: `\`${program}\` ${detail}` });
    expect(after).toBe(lost);
    expect(lives(pidOf(answer))).toBe(false);
    expect(pidOf((await run([{ text: '' }]))[0])).not.toBe(pidOf(answer));
  });

  it.each([
    [{ do: 'garbage' }, 'printed a line that is not JSON (its own messages belong on stderr): `Loading weights: 100%`'],
    [{ do: 'strange' }, 'printed a line that the protocol does not know: `{"type":"telemetry"}`'],
    [{ do: 'empty' }, 'answered with neither output nor error: `{"id":2}`'],
    [{ do: 'other' }, 'answered id 1002, which it was not asked or has answered before'],
    [{ do: 'latin1' }, 'printed a line that is not UTF-8: byte 0xE9 at byte 22'],
    [{ do: 'long', bytes: 65 * 1024 * 1024 }, 'printed a line of more than 67108864 bytes'],
  ])('says what it did with %j, and is started again for the next run', async (input, detail) => {
    const { run } = await served('good');
    const before = pidOf((await run([{ text: '' }]))[0]);
    const error = await errorOf(run([input]));
    expect(error).toMatchObject({ code: 'Failed', detail: `\`${program}\` ${detail}`, retryable: false });
    expect(lives(before)).toBe(false);
    expect(pidOf((await run([{ text: '' }]))[0])).not.toBe(before);
  });

  it('is stopped when it is silent for longer than an input may take', async () => {
    const { run } = await served('good', { command: { timeoutSeconds: 0.6 } });
    const quick = await run(Array.from({ length: 4 }, (_, at) => ({ do: 'late', ms: at * 300, text: 'x' })));
    expect(quick).toHaveLength(4);
    const pid = pidOf(quick[0]);
    const [answer, lost] = await run([{ text: 'x' }, { do: 'stuck' }]);
    expect(answer).toMatchObject({ text: 'x' });
    const detail = `\`${program}\` gave no answer for 0.6 s with one input waiting, and was stopped`;
    expect(lost).toMatchObject({ loss: 'TimedOut', detail });
    expect(lives(pid)).toBe(false);
  });

  it('is stopped when it closes its output and goes on', async () => {
    const { run } = await served('drops');
    expect(await run([{ text: '' }])).toMatchObject([{ loss: 'Crashed', detail: `\`${program}\` closed its output` }]);
  });
});

describe('a served model that is cancelled', () => {
  it('stays when it drops its inputs', async () => {
    const { run } = await served('obeys');
    const before = pidOf((await run([{ text: '' }]))[0]);
    await cancelled(run, [{ do: 'hang' }, { text: '' }]);
    expect(lives(before)).toBe(true);
    expect(pidOf((await run([{ text: '' }]))[0])).toBe(before);
  });

  it.each(['good', 'stubborn'])('is ended with all that it started when it does not (%s)', async (mode) => {
    const { run, folder } = await served(mode);
    const before = pidOf((await run([{ text: '' }]))[0]);
    const path = join(folder, 'child');
    const startedAt = Date.now();
    await cancelled(run, [{ do: 'child', path }], () => readFile(path, 'utf8'));
    expect(Date.now() - startedAt).toBeLessThan(4000);
    expect(lives(before)).toBe(false);
    const child = Number(await readFile(path, 'utf8'));
    await vi.waitFor(() => expect(lives(child)).toBe(false));
    expect(pidOf((await run([{ text: '' }]))[0])).not.toBe(before);
  });
});

type Run = (inputs: JsonValue[], parameters?: Record<string, JsonValue>, signal?: AbortSignal) => Promise<unknown[]>;

/** A model of the test program in this mode; it ends with the test. */
async function served(
  mode: string,
  {
    args = [],
    command = {},
    ...overrides
  }: Parameters<typeof loadRequest>[0] & { args?: string[]; command?: { timeoutSeconds?: number } } = {},
  before?: string,
) {
  const folder = before ?? (await temporaryFolder());
  const { request, lines } = loadRequest({
    ...overrides,
    spec: { source: { kind: 'external_command', command: program } },
    options: { command: { args: [mode, ...args], ...command } },
    settings: { commands: [program], roots: [folder] },
  });
  const model = await runtime.load(request);
  onTestFinished(() => model.dispose());
  const { options, files } = await runOptions(folder);
  const run: Run = async (inputs, parameters = {}, signal = options.signal) =>
    valuesOf(await model.run(inputs, { ...options, parameters, signal }));
  return { model, run, files, lines, folder };
}

/** Runs, cancels when `ready`, and sees the run end as cancelled. */
async function cancelled(run: Run, inputs: JsonValue[], ready?: () => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const running = run(inputs, {}, controller.signal);
  running.catch(() => undefined);
  if (ready) await vi.waitFor(ready, 5000);
  controller.abort(new Error('cancelled by the job'));
  await expect(running).rejects.toThrow('cancelled by the job');
}

function pidOf(output: unknown): number {
  return (output as { pid: number }).pid;
}
