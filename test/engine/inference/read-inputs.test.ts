import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readInputs } from '../../../engine/inference/read-inputs.js';
import { sampleFor } from '../../../engine/inference/sample.js';
import { createPathGuard } from '../../../engine/workspace/paths.js';
import { parseModelAccessJobRequest, type ModelJobInput, type ModelTask } from '../../../planner/index.js';
import { temporaryFolder } from '../../helpers/activity.js';
import { plainPng } from '../../helpers/media.js';

/** Inputs of a task that are files of a folder of the test's own. */
async function inputBox(task: ModelTask) {
  const folder = await temporaryFolder();
  const paths = createPathGuard([folder]);
  const file = (name: string): ModelJobInput => ({ kind: 'localPath', value: join(folder, name) });
  const read = (...inputs: ModelJobInput[]) => readInputs(inputs, { task, paths });
  return { folder, paths, file, read };
}

const json = (value: string): ModelJobInput => ({ kind: 'json', value });

const refusal = (code: string, message: string) => ({ code, message: expect.stringContaining(message) as string });

describe('the inputs of a job', () => {
  it('come in their order, whatever they are', async () => {
    const { folder, file, read } = await inputBox('text_classification');
    await writeFile(join(folder, 'rows.jsonl'), '\uFEFF"b"\r\n\n \t\r\n{"custom_id":"x","input":"c"}\n');
    await writeFile(join(folder, 'value.json'), '{"text":"d"}');
    await writeFile(join(folder, 'ä.txt'), 'e\nf');
    const inputs = [json('a'), file('rows.jsonl'), file('value.json'), file('ä.txt')];
    expect(await read(...inputs)).toEqual(['a', 'b', 'c', { text: 'd' }, 'e\nf']);
  });

  it.each<[task: ModelTask, name: string, field: string]>([
    ['image_classification', 'picture.png', 'image'],
    ['image_embedding', 'picture-without-ending', 'image'],
    ['multimodal_embedding', 'picture.JPG', 'image'],
    ['speech_recognition', 'talk.wav', 'audio'],
    ['source_separation', 'song.flac', 'audio'],
    [{ custom: 'anything' }, 'picture.webp', 'image'],
    [{ custom: 'anything' }, 'talk.mp3', 'audio'],
  ])('of %j: `%s` is named and not read', async (task, name, field) => {
    const { folder, file, read } = await inputBox(task);
    await writeFile(join(folder, name), Buffer.of(0xff, 0xfe));
    expect(await read(file(name))).toEqual([{ [field]: join(folder, name) }]);
  });

  it('of a task for pictures are named by rows too', async () => {
    const { folder, file, read } = await inputBox('image_classification');
    await writeFile(join(folder, 'rows.jsonl'), '"a.png"\n{"input":{"image":"b.png"}}\n');
    expect(await read(file('rows.jsonl'))).toEqual(['a.png', { image: 'b.png' }]);
  });

  it('may be artifacts of earlier jobs', async () => {
    const { folder, read } = await inputBox('image_classification');
    const path = join(folder, 'picture.png');
    await writeFile(path, await plainPng('red'));
    const artifact = { id: 'a', kind: 'image', mediaType: 'image/png', uri: pathToFileURL(path).href };
    const request = parseModelAccessJobRequest({
      kind: 'Inference',
      backend: 'onnx',
      spec: { name: 'a', task: 'image_classification', source: { kind: 'local_path', path: 'a' }, files: [] },
      inputs: [{ kind: 'artifact', value: artifact }],
    });
    expect(await read(...request.inputs)).toEqual([{ image: path }]);
  });

  it('are named by their index when they can’t be read', async () => {
    const { folder, file, read } = await inputBox('text_classification');
    await writeFile(join(folder, 'bad.jsonl'), '"a"\n{"b":\n');
    await writeFile(join(folder, 'bad.json'), 'text');
    await writeFile(join(folder, 'bytes.txt'), Buffer.of(0xff, 0xfe, 0x00));
    await writeFile(join(folder, 'latin1.jsonl'), Buffer.from('"a"\n"caf\xe9"\n', 'latin1'));
    await writeFile(join(folder, 'digits.jsonl'), '{"input":{"id":9007199254740993}}\n');
    await writeFile(join(folder, 'space.jsonl'), '"a"\n\r\n \u00a0\n');
    await writeFile(join(folder, 'marks.jsonl'), '\uFEFF"a"\n\uFEFF"b"\n');
    await mkdir(join(folder, 'folder'));
    for (const [name, message] of [
      ['bad.jsonl', 'inputs[1] line 2 is not JSON'],
      ['bad.json', 'inputs[1] is not JSON'],
      ['latin1.jsonl', 'inputs[1] line 2 is not text in UTF-8: byte 0xE9 at byte 5'],
      ['digits.jsonl', 'inputs[1] line 1: the number 9007199254740993'],
      ['space.jsonl', 'inputs[1] line 3 is not JSON'],
      ['marks.jsonl', 'inputs[1] line 2 is not JSON'],
      ['bytes.txt', 'is not text in UTF-8'],
      ['folder', 'is a folder: run a BatchInference'],
    ] as const) {
      await expect(read(json('a'), file(name))).rejects.toMatchObject(refusal('InvalidArgument', message));
    }
    await expect(read(json('a'), file('none.txt'))).rejects.toMatchObject({ code: 'NotFound' });
    await expect(read({ kind: 'localPath', value: '/etc/hostname' })).rejects.toMatchObject(
      refusal('PermissionDenied', 'inputs[0].value'),
    );
  });

  it('are limited in number, and in what is read from files', async () => {
    const { folder, file, read } = await inputBox('text_classification');
    await writeFile(join(folder, 'rows.jsonl'), '1\n'.repeat(60_000));
    await expect(read(file('rows.jsonl'), file('rows.jsonl'))).rejects.toMatchObject(
      refusal('ResourceLimit', 'inputs[1]: there are 120000 inputs or more, more than one inference runs (100000)'),
    );
    await writeFile(join(folder, 'large.txt'), '');
    await truncate(join(folder, 'large.txt'), 33 * 1024 * 1024);
    await expect(read(file('large.txt'), file('large.txt'))).rejects.toMatchObject(
      refusal('ResourceLimit', 'inputs[1]: the files of the inputs have 69206016 bytes or more'),
    );
  });
});

describe('the sample of a warmup', () => {
  const request = (inputs: ModelJobInput[]) =>
    parseModelAccessJobRequest({
      kind: 'Warmup',
      backend: 'onnx',
      spec: { name: 'a', task: 'image_classification', source: { kind: 'local_path', path: 'a' }, files: [] },
      inputs,
    });

  it('is the first input, if there is one', async () => {
    const { folder, file, paths } = await inputBox('image_classification');
    await writeFile(join(folder, 'a.png'), await plainPng('red'));
    const sample = await sampleFor(request([file('a.png'), json('b.png')]), paths, folder);
    expect(sample).toEqual({ image: join(folder, 'a.png') });
  });

  it('is made where there is none', async () => {
    const { folder, paths } = await inputBox('image_classification');
    expect(await sampleFor(request([]), paths, folder)).toEqual({ image: join(folder, 'sample.png') });
  });
});
