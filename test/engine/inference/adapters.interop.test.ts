import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import type { BackendSettings } from '../../../engine/models/contract/config.js';
import { lives } from '../../helpers/adapter.js';
import { startComfyServer } from '../../helpers/comfy-server.js';
import { modelBox } from '../../helpers/model.js';

const programs = fileURLToPath(new URL('../../fixtures/programs', import.meta.url));
const served = join(programs, 'served-model.js');
const commandLine = join(programs, 'command-line-model.js');
const json = (value: unknown) => ({ kind: 'json', value });

describe('an inference on a model that is a program', () => {
  const overrides = {
    backend: 'external',
    spec: { name: 'served', task: { custom: 'any' }, source: { kind: 'external_command', command: served }, files: [] },
    options: { command: { args: ['good'] } },
  };

  it('asks it for all inputs, and keeps its files', async () => {
    const { run, activities, request } = await boxWith({ commands: [served] });
    const inputs = [json({ text: 'a' }), json({ do: 'file', text: 'b' })];
    const infer = () => run((input) => activities.runInference(input), request('Inference', { ...overrides, inputs }));
    const first = await infer();
    expect(first.outputs).toMatchObject([{ text: 'a' }, { text: 'b' }]);
    expect(JSON.stringify(first)).toContain('.png');
    const second = await infer();
    expect(second.loadMs).toBe(0);
    expect(pidIn(second.outputs)).toBe(pidIn(first.outputs));
  });

  it('is cancelled with all that the program started', async () => {
    const { run, activities, request, folder } = await boxWith({ commands: [served] });
    const path = join(folder, 'child');
    const inputs = [json({ text: 'a' }), json({ do: 'child', path })];
    const running = run((input) => activities.runInference(input), request('Inference', { ...overrides, inputs }));
    running.catch(() => undefined);
    const child = await vi.waitFor(async () => Number(await readFile(path, 'utf8')), 10_000);
    const cancelledAt = Date.now();
    running.cancel();
    await expect(running).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(Date.now() - cancelledAt).toBeLessThan(5000);
    await vi.waitFor(() => expect(lives(child)).toBe(false), 3000);
  });

  it('is refused where the operator did not allow it', async () => {
    const { run, activities, request } = await boxWith({});
    const inputs = [json({ text: 'a' })];
    await expect(
      run((input) => activities.runInference(input), request('Inference', { ...overrides, inputs })),
    ).rejects.toMatchObject({ type: 'PermissionDenied', nonRetryable: true });
  });
});

describe('an inference on a command line', () => {
  it('runs it on the bundle’s files, and says which setting is missing', async () => {
    const template = `'${commandLine}' whisper -m {model:onnx/model.onnx} -f {input} -l xx -of {output}/result`;
    const { run, activities, request, folder } = await boxWith({ programs: { whisper_cpp: template } });
    await writeFile(join(folder, 'text.txt'), 'four');
    const inputs = [json({ path: join(folder, 'text.txt') })];
    const spec = { ...request('Inference').spec, task: { custom: 'transcribe' } };
    const infer = (backend: string) =>
      run((input) => activities.runInference(input), request('Inference', { spec, backend, inputs }));
    expect((await infer('whisper_cpp')).outputs).toMatchObject([{ text: 'Hello 4 bytes.', language: 'xx' }]);
    await expect(infer('demucs')).rejects.toMatchObject({
      type: 'MissingDependency',
      message: expect.stringContaining('MODEL_JOBS_DEMUCS') as string,
    });
  });
});

describe('an inference on ComfyUI', () => {
  it('brings the workflow’s files', async () => {
    const { url } = await startComfyServer();
    const { run, activities, request } = await boxWith({ comfyUiUrl: url });
    const spec = {
      name: 'cats',
      task: { custom: 'draw' },
      source: { kind: 'comfy_ui_inventory', root: '.' },
      files: [],
    };
    const inputs = [json({ '9': { class_type: 'SaveImage', inputs: { filename: 'cat.png' } } })];
    const facts = await run(
      (input) => activities.runInference(input),
      request('Inference', { spec, backend: 'comfy_ui', inputs }),
    );
    expect(facts.outputs).toMatchObject([{ outputs: { '9': { images: [{ mediaType: 'image/png' }] } } }]);
  });
});

function boxWith({ commands = [], ...settings }: Partial<BackendSettings> & { commands?: string[] }) {
  return modelBox('model', { settings: { programs: {}, ...settings } }, { commands });
}

function pidIn(outputs: unknown): number {
  return (outputs as [{ pid: number }])[0].pid;
}
