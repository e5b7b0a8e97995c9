import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPathGuard } from '../../../../engine/workspace/paths.js';
import { inputCheckFor, taskDefinition } from '../../../../engine/models/tasks/index.js';
import { inputLimits } from '../../../../engine/models/tasks/limits.js';
import { encodeWav } from '../../../../engine/models/tasks/wav.js';
import { taskNames, type JsonValue, type ModelTask } from '../../../../planner/index.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { bombPng, plainPng } from '../../../helpers/media.js';

/** The check of a task in a folder that is the only root. */
async function checkIn(task: ModelTask) {
  const folder = await temporaryFolder();
  const root = join(folder, 'root');
  await mkdir(root);
  const check = inputCheckFor(task, createPathGuard([root]));
  return { folder, root, check };
}

const refusal = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) as string });

describe('the check of an input', () => {
  it.each<[task: ModelTask, input: JsonValue]>([
    ['text_classification', 'text'],
    ['text_embedding', { text: '', id: 7 }],
    ['zero_shot_classification', { text: 'a', labels: ['b'] }],
    ['zero_shot_classification', { text: 'a', candidate_labels: ['b', 'c'] }],
    ['question_answering', { question: 'a', context: 'b' }],
    ['reranking', { query: 'a', documents: ['b', ''] }],
    ['reranking', { query: 'a', document: 'b' }],
    ['multimodal_embedding', 'text'],
    [{ custom: 'anything' }, [1, { image: 'https://example.org' }]],
  ])('lets a good one of %j through as it is: %j', async (task, input) => {
    const { check } = await checkIn(task);
    expect(await check(input)).toEqual(input);
  });

  it.each<[task: ModelTask, input: JsonValue, message: RegExp]>([
    ['text_embedding', 7, /expected a string or an object with `text`, received 7/],
    ['text_embedding', { tekst: 'a' }, /expected a string or an object with `text`, received {"tekst":"a"}/],
    ['text_embedding', { text: 7 }, /text: expected string, received 7/],
    ['zero_shot_classification', { text: 'a' }, /labels: expected a list of texts, received nothing/],
    ['zero_shot_classification', { text: 'a', labels: [] }, /labels: expected at least one label, received \[\]/],
    ['zero_shot_classification', { text: 'a', labels: ['b', 3] }, /labels\[1\]: expected string, received 3/],
    ['question_answering', { question: 'a', context: '' }, /context: expected a text that is not empty/],
    ['question_answering', 'a', /expected an object with `question` and `context`, received "a"/],
    ['reranking', { query: 'a', documents: 'b' }, /documents: expected array, received "b"/],
    ['reranking', { query: 'a' }, /expected an object with `query` and `documents`/],
    ['image_classification', { path: 'a.png' }, /expected the path of an image or an object with `image`/],
    ['speech_recognition', '', /expected the path of a recording or an object with `audio`, received ""/],
    ['speech_recognition', { audio: '' }, /audio: expected a path that is not empty, received ""/],
    ['multimodal_embedding', {}, /expected a string or an object with `text`, `image` or both, received {}/],
  ])('names the place and the value of a bad one of %j: %j', async (task, input, message) => {
    const { check } = await checkIn(task);
    await expect(check(input)).rejects.toMatchObject(refusal('InvalidArgument', message));
  });

  it('refuses a text that is too long', async () => {
    const { check } = await checkIn('text_embedding');
    expect(await check('ä'.repeat(inputLimits.textBytes / 2))).toHaveLength(inputLimits.textBytes / 2);
    const tooLong = 'ä'.repeat(inputLimits.textBytes / 2 + 1);
    await expect(check(tooLong)).rejects.toMatchObject(refusal('ResourceLimit', /: the text has 1048578 bytes/));
    const { check: checkPair } = await checkIn('reranking');
    await expect(checkPair({ query: 'a', documents: ['b', tooLong] })).rejects.toMatchObject(
      refusal('ResourceLimit', /documents\[1\]: the text has 1048578 bytes/),
    );
  });

  it.each(taskNames)('takes the sample of %s', async (task) => {
    const { root, check } = await checkIn(task);
    const sample = await taskDefinition(task).sample(root);
    expect(await check(sample)).toEqual(sample);
  });
});

describe('a file that an input names', () => {
  it.each<[task: ModelTask, input: (path: string) => JsonValue]>([
    ['image_embedding', (path) => path],
    ['image_embedding', (path) => ({ image: path })],
    ['multimodal_embedding', (path) => ({ text: 'a', image: path })],
  ])('is made absolute, with its links resolved, for %s', async (task, input) => {
    const { root, check } = await checkIn(task);
    const path = join(root, 'picture.png');
    await writeFile(path, await plainPng('red'));
    await symlink(path, join(root, 'link'));
    expect(await check(input(join(root, 'link')))).toEqual(input(path));
  });

  it.each(['http:', 'https:', 'data:image/png;base64,', 'blob:', 'ftp:', 'HTTP:'])(
    'may not be an address: %s',
    async (scheme) => {
      const { check } = await checkIn('image_classification');
      const message = /expected a path on the worker's disk, received the address/;
      await expect(check({ image: `${scheme}//127.0.0.1/a.png` })).rejects.toMatchObject(
        refusal('InvalidArgument', message),
      );
    },
  );

  it('may not be an address of a file either', async () => {
    const { check } = await checkIn('image_classification');
    await expect(check(pathToFileURL('/etc/passwd').href)).rejects.toMatchObject(refusal('InvalidArgument', /address/));
  });

  it('must be inside the roots, links resolved', async () => {
    const { folder, root, check } = await checkIn('image_classification');
    const outside = join(folder, 'outside.png');
    await writeFile(outside, await plainPng('red'));
    await symlink(outside, join(root, 'link.png'));
    for (const path of [outside, join(root, 'link.png'), join(root, '../outside.png')]) {
      await expect(check({ image: path })).rejects.toMatchObject(refusal('PermissionDenied', /image `.*` is outside/));
    }
  });

  it('must exist, and be a file', async () => {
    const { root, check } = await checkIn('speech_recognition');
    await expect(check(join(root, 'none.wav'))).rejects.toMatchObject(refusal('NotFound', /none.wav` does not exist/));
    await expect(check({ audio: root })).rejects.toMatchObject(refusal('InvalidArgument', /is not a file/));
  });

  it('must be an image by its content, whatever its name', async () => {
    const { root, check } = await checkIn('image_classification');
    const files = {
      'a.png': 'not an image',
      'b.png': '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(root, name), content);
      await expect(check(join(root, name))).rejects.toMatchObject(refusal('InvalidArgument', /not an image/));
    }
  });

  it('must be a recording by its content, whatever its name', async () => {
    const { root, check } = await checkIn('audio_embedding');
    await writeFile(join(root, 'a.wav'), 'not a recording');
    await expect(check(join(root, 'a.wav'))).rejects.toMatchObject(
      refusal('InvalidArgument', /is not WAV, MP3, FLAC or Ogg/),
    );
    await writeFile(join(root, 'b.txt'), encodeWav([new Float32Array(8)], 8000));
    expect(await check(join(root, 'b.txt'))).toBe(join(root, 'b.txt'));
  });

  it('may not be a decompression bomb: a small file of very many pixels', async () => {
    const { root, check } = await checkIn('image_classification');
    const bomb = join(root, 'bomb.png');
    await writeFile(bomb, await bombPng(40_000, 40_000));
    await expect(check({ image: bomb })).rejects.toMatchObject(
      refusal(
        'ResourceLimit',
        /has 40000 × 40000 pixels, more than an image may have \(100000000\): a decompression bomb/,
      ),
    );
  });

  it.each<[task: ModelTask, size: number, what: RegExp]>([
    ['image_classification', inputLimits.imageBytes, /more than an image may have/],
    ['audio_classification', inputLimits.audioBytes, /more than a recording may have/],
  ])('may not be too large for %s', async (task, size, what) => {
    const { root, check } = await checkIn(task);
    const path = join(root, 'large');
    await writeFile(path, '');
    await truncate(path, size + 1);
    await expect(check(path)).rejects.toMatchObject(refusal('ResourceLimit', what));
  });
});

it('asks nothing of the network', async () => {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.png`;
  const { check } = await checkIn('image_classification');
  await expect(check({ image: address })).rejects.toMatchObject({ code: 'InvalidArgument' });
  expect(requests).toBe(0);
});
