import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadLibrary } from '../../../../engine/runtimes/onnx/library.js';
import { runtime } from '../../../../engine/runtimes/onnx/runtime.js';
import { taskDefinition } from '../../../../engine/models/tasks/index.js';
import { ModelJobError } from '../../../../planner/index.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { loadRequest, onnxModel } from '../../../helpers/onnx-model.js';
import { testModels, writeModel } from '../../../models/index.js';
import { classifier, embedder } from '../../../models/text.js';

const { custom: _, ...tasks } = testModels;
const served = Object.keys(tasks) as (keyof typeof tasks)[];

describe('each task that is served', () => {
  it.each(served)('%s runs its own sample', async (task) => {
    const { folder, outputs } = await onnxModel(task);
    const [output] = await outputs([await taskDefinition(task).sample(folder)]);
    expect(output).not.toBeInstanceOf(ModelJobError);
  });

  it.each(served)('%s gives the same each time, and nothing for nothing', async (task) => {
    const { folder, run } = await onnxModel(task);
    const sample = await taskDefinition(task).sample(folder);
    const [first, second] = await run([sample, sample]);
    expect(second).toEqual(first);
    expect(await run([sample])).toEqual([first]);
    expect(await run([])).toEqual([]);
  });

  it.each(['image_embedding', 'question_answering', 'reranking', 'speech_recognition'] as const)(
    '%s stops between inputs when its job is cancelled',
    async (task) => {
      const { folder, run } = await onnxModel(task);
      const sample = await taskDefinition(task).sample(folder);
      await expect(run([sample], {}, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    },
  );
});

describe('a task that is not served', () => {
  it.each([
    ['source_separation', /by backend `demucs` or `external`/],
    ['face_embedding', /by backend `open_cv` or `external`/],
    ['speaker_diarization', /by backend `external`/],
  ] as const)('%s names what would serve it', async (task, message) => {
    const folder = await temporaryFolder();
    await expect(runtime.load(loadRequest(task, folder))).rejects.toMatchObject({
      code: 'MissingDependency',
      message: expect.stringMatching(message) as string,
    });
  });

  it('a type of model for texts and images names those that are', async () => {
    const files = { ...testModels.multimodal_embedding(), 'config.json': { model_type: 'blip' } };
    await expect(onnxModel('multimodal_embedding', files)).rejects.toMatchObject({
      code: 'MissingDependency',
      message: expect.stringContaining('type `blip` is not served') as string,
    });
  });
});

describe('a bundle', () => {
  it('is loaded in the best precision that it has of each graph', async () => {
    const { 'onnx/model.onnx': graph, ...files } = classifier();
    const broken = Buffer.from('no graph');
    const quantized = await onnxModel('text_classification', { ...files, 'onnx/model_quantized.onnx': graph! });
    expect(await quantized.run(['good'])).toMatchObject([{ label: 'GOOD' }]);
    const both = { ...files, 'onnx/model.onnx': graph!, 'onnx/model_quantized.onnx': broken };
    expect(await (await onnxModel('text_classification', both)).run(['good'])).toMatchObject([{ label: 'GOOD' }]);
  });

  it('may have its graph at the top', async () => {
    const { 'onnx/model.onnx': graph, ...files } = embedder();
    const { run } = await onnxModel('text_embedding', { ...files, 'model.onnx': graph! });
    expect(await run(['cat'])).toEqual(await (await onnxModel('text_embedding')).run(['cat']));
  });

  it('must have a graph', async () => {
    const { 'onnx/model.onnx': _graph, ...files } = embedder();
    await expect(onnxModel('text_embedding', files)).rejects.toMatchObject({
      code: 'NotFound',
      message: expect.stringContaining('holds no .onnx file') as string,
    });
  });

  it.each(['tokenizer.json', 'config.json', 'tokenizer_config.json'])('must have its %s', async (name) => {
    const files = Object.fromEntries(Object.entries(embedder()).filter(([path]) => path !== name));
    await expect(onnxModel('text_embedding', files)).rejects.toMatchObject({
      code: 'Failed',
      retryable: false,
      message: expect.stringContaining("can't be loaded") as string,
    });
  });

  it('of another task says what its model lacks', async () => {
    const { run } = await onnxModel('text_classification', embedder());
    await expect(run(['cat'])).rejects.toMatchObject({
      code: 'Failed',
      message: expect.stringContaining('there is no `logits`: the model is one for another task') as string,
    });
  });
});

describe('the network', () => {
  it('is never asked: not by the library, for a file that is missing, nor for an address among the inputs', async () => {
    const { address, requests } = await countingServer();
    const { env, AutoTokenizer, RawImage } = await loadLibrary();
    const { remoteHost } = env;
    env.remoteHost = address;
    onTestFinished(() => void (env.remoteHost = remoteHost));
    const folder = await temporaryFolder();
    await writeModel(testModels.image_classification(), folder);
    await rm(join(folder, 'preprocessor_config.json'));
    await expect(runtime.load(loadRequest('image_classification', folder))).rejects.toMatchObject({ code: 'Failed' });
    await expect(AutoTokenizer.from_pretrained('someone/model')).rejects.toThrow();
    await expect(RawImage.fromURL(`${address}/a.png`)).rejects.toThrow('runtimes fetch nothing');
    const image = await onnxModel('image_classification');
    const audio = await onnxModel('speech_recognition');
    const outputs = [
      ...(await image.run([`${address}/a.png`, { image: `${address}/a.png` }])),
      ...(await audio.run([`${address}/a.wav`]).catch((error: unknown) => [error])),
    ];
    expect(outputs.every((output) => output instanceof Error)).toBe(true);
    expect(requests()).toBe(0);
    // The server itself is there.
    await fetch(address);
    expect(requests()).toBe(1);
  });
});

async function countingServer(): Promise<{ address: string; requests: () => number }> {
  let count = 0;
  const server = createServer((_request, response) => {
    count += 1;
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => count };
}
