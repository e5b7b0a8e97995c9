import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bombPng, plainPng } from '../../helpers/media.js';
import { modelBox } from '../../helpers/model.js';
import { testModels, writeModel } from '../../models/index.js';

/** A worker with a model that knows colors, and two pictures. */
async function pictureBox() {
  const box = await modelBox();
  const files = testModels.image_classification();
  await writeModel(files, join(box.folder, 'colors'));
  await writeFile(join(box.folder, 'red.png'), await plainPng('red'));
  await writeFile(join(box.folder, 'bomb.png'), await bombPng(40_000, 40_000));
  const spec = {
    name: 'colors',
    task: 'image_classification',
    source: { kind: 'local_path', path: join(box.folder, 'colors') },
    files: Object.keys(files).map((required) => ({ required })),
  };
  const infer = (inputs: unknown[]) =>
    box.run((input) => box.activities.runInference(input), box.request('Inference', { spec, inputs }));
  const warm = () => box.run((input) => box.activities.warmRuntime(input), box.request('Warmup', { spec }));
  return { ...box, infer, warm };
}

const localPath = (value: string) => ({ kind: 'localPath', value });
const json = (value: unknown) => ({ kind: 'json', value });

describe('a job on pictures', () => {
  it('takes them as files, and by their paths', async () => {
    const { folder, infer } = await pictureBox();
    const path = join(folder, 'red.png');
    const { outputs } = await infer([localPath(path), json(path), json({ image: path })]);
    const red = [{ label: 'red' }, {}, {}];
    expect(outputs).toMatchObject([red, red, red]);
  });

  it.each([
    ['a decompression bomb', 'bomb.png', 'ResourceLimit', 'inputs[1]: image: '],
    ['an address', 'https://127.0.0.1/red.png', 'InvalidArgument', 'inputs[1]: image: expected a path'],
    ['a file outside the roots', '/etc/hostname', 'PermissionDenied', 'inputs[1]: image `/etc/hostname` is outside'],
  ])('names %s by its index', async (_, name, type, message) => {
    const { folder, infer } = await pictureBox();
    const path = name.includes('/') ? name : join(folder, name);
    await expect(infer([json(join(folder, 'red.png')), json({ image: path })])).rejects.toMatchObject({
      type,
      nonRetryable: true,
      message: expect.stringContaining(message) as string,
    });
  });

  it('is warmed by a picture that is made for it', async () => {
    const { warm } = await pictureBox();
    expect(await warm()).toMatchObject({ sample: { image: expect.stringMatching(/sample\.png$/) as string } });
  });
});
