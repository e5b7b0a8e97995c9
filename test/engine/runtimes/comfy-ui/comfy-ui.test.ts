import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { runtime } from '../../../../engine/runtimes/comfy-ui/runtime.js';
import type { LoadRequest } from '../../../../engine/models/contract/model-runtime.js';
import type { JsonValue } from '../../../../planner/index.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { errorOf, loadRequest, runOptions } from '../../../helpers/adapter.js';
import { startComfyServer, type ComfyServer } from '../../../helpers/comfy-server.js';

const picture = { '9': { class_type: 'SaveImage', inputs: { filename: 'ComfyUI_00001_.png', subfolder: 'my/cats' } } };
const endless = { '1': { class_type: 'Sleep', inputs: { ms: 60_000 } }, ...picture };

describe('a workflow', () => {
  it('is queued and followed, and its files become artifacts', async () => {
    const { run, files, folder, lines, server } = await box();
    const path = join(folder, 'run/1/9-my_cats-ComfyUI_00001_.png');
    const [output] = await run([{ '1': { class_type: 'Sleep', inputs: { ms: 200 } }, ...picture }]);
    expect(output).toMatchObject({
      outputs: {
        '9': {
          images: [
            {
              filename: 'ComfyUI_00001_.png',
              subfolder: 'my/cats',
              type: 'output',
              uri: pathToFileURL(path).href,
              mediaType: 'image/png',
            },
          ],
        },
      },
    });
    expect(files).toEqual([{ path, kind: 'image', mediaType: 'image/png' }]);
    expect(await readFile(path, 'utf8')).toBe('ComfyUI_00001_.png|my/cats|output');
    expect(server.ended()).toEqual([(output as { promptId: string }).promptId]);
    expect(lines[0]).toBe(`ComfyUI 0.3.60 at ${server.url}`);
    expect(lines.at(-1)).toMatch(/^ComfyUI: prompt [-0-9a-f]{36} is running$/);
  });

  it('has other outputs than images as well', async () => {
    const { run, files } = await box();
    const [output] = await run([
      {
        '1': { class_type: 'ShowText', inputs: { text: 'a cat' } },
        '2': { class_type: 'SaveAudio', inputs: { filename: 'song.flac' } },
        '3': { class_type: 'SaveImage', inputs: { filename: 'mesh.glb' } },
      },
    ]);
    expect(output).toMatchObject({
      outputs: { '1': { text: ['a cat'] }, '2': { audio: [{ mediaType: 'audio/flac' }] } },
    });
    expect(files.map(({ kind, mediaType }) => [kind, mediaType])).toEqual([
      ['audio', 'audio/flac'],
      ['file', 'model/gltf-binary'],
    ]);
  });

  it('takes values in place of its own, the parameters of the job first', async () => {
    const { run } = await box();
    const workflow = { '1': { class_type: 'ShowText', inputs: { text: 'its own', other: ['2', 0] } }, ...picture };
    const shown = await run([{ workflow }, { workflow, inputs: { '1': { text: 'of the input' } } }], {
      '1': { text: 'of the job' },
    });
    expect(shown).toMatchObject([
      { outputs: { '1': { text: ['of the job'] } } },
      { outputs: { '1': { text: ['of the input'] } } },
    ]);
  });

  it('can have any name in its files without leaving the folder', async () => {
    const { run, files, folder } = await box();
    await run([
      {
        '1': { class_type: 'SaveImage', inputs: { filename: '../../../etc/x.png' } },
        '2/..': { class_type: 'SaveImage', inputs: { filename: 'ä b.png', subfolder: '..' } },
      },
    ]);
    expect(files.map(({ path }) => path)).toEqual([
      join(folder, 'run/1/1-__.._.._etc_x.png'),
      join(folder, 'run/1/2_..-_-__b.png'),
    ]);
  });

  it('runs on older servers, which choose the ids', async () => {
    const { run } = await box({}, { ownIds: true });
    expect(await run([picture])).toMatchObject([{ promptId: 'old-1' }]);
  });
});

describe('a workflow that fails', () => {
  it.each<[JsonValue, string, string]>([
    [
      { '3': { class_type: 'SaveImage', inputs: { seed: 'x' } } },
      'InvalidArgument',
      'ComfyUI refuses the workflow: workflow.3.inputs.seed: Failed to convert an input value to a INT value ' +
        '(seed, x, invalid literal for int())',
    ],
    [
      { '1': { class_type: 'Sleep', inputs: { ms: 1 } } },
      'InvalidArgument',
      'ComfyUI refuses the workflow: Prompt has no outputs',
    ],
    [{ '4': { class_type: 'Fail', inputs: {} } }, 'Failed', 'the workflow failed at node 4 (Fail): no such model'],
    [
      { workflow: picture, inputs: { '7': { text: '' } } },
      'InvalidArgument',
      'inputs: the workflow has no node 7; it has 9',
    ],
    [
      { '9': { inputs: {} } },
      'InvalidArgument',
      'workflow is not valid: 9.class_type: expected string, received nothing',
    ],
    [{}, 'InvalidArgument', 'workflow is not valid: workflow: expected at least one node, received {}'],
    ['a cat', 'InvalidArgument', 'workflow is not valid: workflow: expected record, received "a cat"'],
  ])('is the error of one input: %j', async (input, code, detail) => {
    const { run } = await box();
    expect(await run([picture, input])).toMatchObject([{ outputs: {} }, { code, detail, retryable: false }]);
  });

  it('is interrupted when it takes too long', async () => {
    const { run, server } = await box({ command: { timeoutSeconds: 0.5 } });
    expect(await run([endless])).toMatchObject([
      { code: 'Failed', detail: 'the workflow took longer than 0.5 s and was interrupted' },
    ]);
    await vi.waitFor(() => expect(server.queued()).toEqual([]));
  });

  it('says that somebody interrupted it on the server', async () => {
    const { run, server } = await box();
    const running = run([endless]);
    await vi.waitFor(() => expect(server.queued()).toHaveLength(1));
    const [id] = server.queued();
    await fetch(`${server.url}/interrupt`, { method: 'POST', body: JSON.stringify({ prompt_id: id }) });
    expect(await running).toMatchObject([{ detail: 'the workflow was interrupted on the server', retryable: false }]);
  });

  it('says that a file is gone', async () => {
    const { run, folder } = await box();
    const gone = { '1': { class_type: 'SaveImage', inputs: { filename: 'gone.png' } } };
    const [output] = await run([gone]);
    expect((output as Error).message).toMatch(/answered 404 to \/view\?filename=gone.png&subfolder=&type=output/);
    expect(await readdir(join(folder, 'run'))).toEqual([]);
  });
});

describe('a workflow that is cancelled', () => {
  it.each([false, true])('is interrupted where it runs (older server: %s)', async (ownIds) => {
    const { server, cancel } = await box({}, { ownIds });
    await cancel(() => server.queued().length === 1);
    await vi.waitFor(() => expect(server.queued()).toEqual([]));
    expect(server.requests).toContain('POST /interrupt');
  });

  it.each([false, true])('leaves the queue, and others alone (older server: %s)', async (ownIds) => {
    const { server, cancel, other } = await box({}, { ownIds });
    await other();
    await vi.waitFor(() => expect(server.queued()).toHaveLength(1));
    const [first] = server.queued();
    await cancel(() => server.queued().length === 2);
    expect(server.queued()).toEqual([first]);
    expect(server.requests).not.toContain('POST /interrupt');
  });
});

describe('a server that is not there', () => {
  it('must be configured', async () => {
    const error = await errorOf(runtime.load(loadRequest({ backend: 'comfyui' }).request));
    expect(error).toMatchObject({ code: 'MissingDependency', retryable: false });
    expect(error.detail).toBe(
      'backend `comfyui` is not configured on this worker; its operator sets MODEL_JOBS_COMFY_UI_URL, such as `http://127.0.0.1:8188`',
    );
  });

  it('is a fault that may pass when it can not be reached', async () => {
    const server = await startComfyServer();
    await server.close();
    const error = await errorOf(load(server.url.replace('http://', 'http://user:secret@')));
    expect(error).toMatchObject({ code: 'StateUnavailable', retryable: true });
    expect(error.detail).toContain(`ComfyUI at ${server.url} can't be reached: connect ECONNREFUSED`);
    expect(error.detail).not.toContain('secret');
  });

  it.each([
    [503, 'answered 503 to /prompt', true],
    [0, "can't be reached: other side closed", true],
    [302, "can't be reached: unexpected redirect", true],
    [404, 'answered 404 to /prompt: out of order', false],
  ])('is said to answer %i', async (status, detail, retryable) => {
    const { run, server } = await box();
    server.fault(status, '/prompt');
    const error = retryable ? await errorOf(run([picture])) : (await run([picture]))[0];
    expect(error).toMatchObject({ detail: `ComfyUI at ${server.url} ${detail}`, retryable });
  });

  it('is tried again when it forgets the prompt', async () => {
    const { run, server } = await box();
    const running = errorOf(run([endless]));
    await vi.waitFor(() => expect(server.queued()).toHaveLength(1));
    server.forget();
    expect(await running).toMatchObject({ code: 'StateUnavailable', retryable: true });
  });

  it('is tried again when a file does not come whole, of which nothing stays', async () => {
    const { run, folder } = await box();
    const broken = { '1': { class_type: 'SaveImage', inputs: { filename: 'broken.png' } } };
    expect(await errorOf(run([broken]))).toMatchObject({ code: 'StateUnavailable' });
    expect(await readdir(join(folder, 'run'))).toEqual([]);
  });

  it('gets the name and the password of its address', async () => {
    const server = await startComfyServer();
    const { model } = await load(server.url.replace('http://', 'http://user:pa%3Ass@'));
    await model.dispose();
    expect(server.headers().authorization).toBe(`Basic ${Buffer.from('user:pa:ss').toString('base64')}`);
  });
});

async function load(comfyUiUrl: string, options: LoadRequest['options'] = {}) {
  const { request, lines } = loadRequest({ backend: 'comfyui', options, settings: { comfyUiUrl } });
  return { model: await runtime.load(request), lines };
}

/** A server, and the runtime on it. */
async function box(options: LoadRequest['options'] = {}, serverOptions: Parameters<typeof startComfyServer>[0] = {}) {
  const server: ComfyServer = await startComfyServer(serverOptions);
  const { model, lines } = await load(server.url, options);
  const folder = await temporaryFolder();
  const { options: run, files } = await runOptions(folder);
  return {
    server,
    lines,
    files,
    folder,
    run: (inputs: JsonValue[], parameters: Record<string, JsonValue> = {}) => model.run(inputs, { ...run, parameters }),
    /** Somebody else's endless prompt. */
    other: () =>
      fetch(`${server.url}/prompt`, { method: 'POST', body: JSON.stringify({ prompt: endless, prompt_id: 'other' }) }),
    /** Runs an endless prompt, and cancels it when `ready`. */
    cancel: async (ready: () => boolean): Promise<void> => {
      const controller = new AbortController();
      const running = model.run([endless], { ...run, signal: controller.signal });
      running.catch(() => undefined);
      await vi.waitFor(() => expect(ready()).toBe(true));
      const cancelledAt = Date.now();
      controller.abort(new Error('cancelled by the job'));
      await expect(running).rejects.toThrow('cancelled by the job');
      expect(Date.now() - cancelledAt).toBeLessThan(1500);
    },
  };
}
