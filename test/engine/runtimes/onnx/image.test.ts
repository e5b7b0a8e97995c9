import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { onnxModel } from '../../../helpers/onnx-model.js';
import { bombPng, plainPng } from '../../../helpers/media.js';

type Box = Awaited<ReturnType<typeof onnxModel>>;

const close = (value: number) => expect.closeTo(value, 4) as number;

/** The path of an image of one color in the model's folder. */
async function picture({ folder }: Box, color: string, size = {}): Promise<string> {
  const path = join(folder, `${color}.png`);
  await writeFile(path, await plainPng(color, size));
  return path;
}

describe('image classification', () => {
  it('orders the labels of each image', async () => {
    const box = await onnxModel('image_classification');
    const [red, lime] = await box.outputs([await picture(box, 'red'), { image: await picture(box, 'lime') }]);
    expect(red).toMatchObject([{ label: 'red', score: close(1 / (1 + 2 * Math.exp(-8))) }, {}, {}]);
    expect(lime).toMatchObject([{ label: 'green' }, {}, {}]);
  });

  it('gives as many labels as are asked for', async () => {
    const box = await onnxModel('image_classification');
    expect(await box.outputs([await picture(box, 'blue')], { top_k: 1 })).toMatchObject([[{ label: 'blue' }]]);
  });

  it.each(['jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)('reads %s', async (format) => {
    const box = await onnxModel('image_classification');
    const path = join(box.folder, 'picture');
    await sharp(await plainPng('red'))
      .toFormat(format)
      .toFile(path);
    expect(await box.outputs([path], { top_k: 1 })).toMatchObject([[{ label: 'red' }]]);
  });

  it('looks at gray, transparent and turned images as others do', async () => {
    const box = await onnxModel('image_classification');
    const path = join(box.folder, 'picture.png');
    await sharp(await plainPng('gray'))
      .toColourspace('b-w')
      .toFile(path);
    const [gray] = (await box.outputs([path])) as { score: number }[][];
    expect(gray!.map(({ score }) => score)).toEqual([close(1 / 3), close(1 / 3), close(1 / 3)]);
    await sharp(await plainPng('red'))
      .ensureAlpha(0)
      .toFile(path);
    expect(await box.outputs([path], { top_k: 1 })).toMatchObject([[{ label: 'red' }]]);
  });

  it('gives the error of a broken image at its place', async () => {
    const box = await onnxModel('image_classification');
    const whole = await picture(box, 'red');
    const broken = join(box.folder, 'broken.png');
    const png = await plainPng('red');
    await writeFile(broken, png.subarray(0, png.length - 40));
    const bomb = join(box.folder, 'bomb.png');
    await writeFile(bomb, await bombPng(40_000, 40_000));
    const refused = { code: 'InvalidArgument', message: expect.stringContaining("can't be decoded") as string };
    expect(await box.run([broken, whole, bomb])).toMatchObject([refused, [{ label: 'red' }, {}, {}], refused]);
  });
});

describe('object detection', () => {
  it('gives each thing its box in the image', async () => {
    const box = await onnxModel('object_detection');
    const path = await picture(box, 'red', { width: 40, height: 20 });
    expect(await box.outputs([path])).toEqual([
      [{ label: 'red', score: close(1 / (1 + 3 * Math.exp(-6))), box: { xmin: 0, ymin: 0, xmax: 20, ymax: 20 } }],
    ]);
    expect(await box.outputs([path], { percentage: true })).toMatchObject([[{ box: { xmax: 0.5, ymax: 1 } }]]);
    expect(await box.outputs([path], { threshold: 1 })).toEqual([[]]);
  });
});

describe('image segmentation', () => {
  it('gives each part its mask', async () => {
    const box = await onnxModel('image_segmentation');
    const path = join(box.folder, 'halves.png');
    const blue = await plainPng('blue', { width: 8, height: 16 });
    await sharp(await plainPng('red'))
      .composite([{ input: blue, left: 8, top: 0 }])
      .toFile(path);
    const [segments] = (await box.outputs([path])) as [{ label: string; mask: { png: string } }[]];
    expect(segments).toMatchObject([
      { label: 'red', score: null, mask: { width: 16, height: 16 } },
      { label: 'blue', score: null, mask: { width: 16, height: 16 } },
    ]);
    const data = await sharp(Buffer.from(segments[0]!.mask.png, 'base64')).extractChannel(0).raw().toBuffer();
    expect([data[0], data[15], data[240], data[255]]).toEqual([255, 0, 255, 0]);
  });

  it('makes masks of the image’s own size', async () => {
    const box = await onnxModel('image_segmentation');
    const [segments] = await box.outputs([await picture(box, 'red', { width: 4000, height: 1000 })]);
    expect(segments).toMatchObject([{ mask: { width: 4000, height: 1000 } }]);
  });
});

describe('image embedding', () => {
  it('gives a vector of length 1 for each image', async () => {
    const box = await onnxModel('image_embedding');
    const [vector] = (await box.run([await picture(box, 'red')])) as [Float32Array];
    expect(vector).toBeInstanceOf(Float32Array);
    expect(Array.from(vector)).toEqual([close(0.995), close(0), close(0), close(0.0995)]);
    expect(await box.outputs([await picture(box, 'red')], { normalize: false })).toEqual([[1, 0, 0, close(0.1)]]);
  });

  it('pools as the request says', async () => {
    const box = await onnxModel('image_embedding');
    const path = join(box.folder, 'halves.png');
    const blue = await plainPng('blue', { width: 4, height: 8 });
    await sharp(await plainPng('red', { width: 8, height: 8 }))
      .composite([{ input: blue, left: 4, top: 0 }])
      .toFile(path);
    const parameters = { normalize: false };
    expect(await box.outputs([path], { ...parameters, pooling: 'cls' })).toEqual([[1, 0, 0, close(0.1)]]);
    expect(await box.outputs([path], { ...parameters, pooling: 'mean' })).toEqual([[0.5, 0, 0.5, close(0.1)]]);
  });
});

describe('multimodal embedding', () => {
  it('puts texts and images into one space', async () => {
    const box = await onnxModel('multimodal_embedding');
    const image = await picture(box, 'red');
    const half = Math.SQRT1_2;
    const outputs = await box.outputs([
      'a red cat',
      { image },
      { text: 'blue' },
      { text: 'red', image },
      { text: 'blue', image },
    ]);
    expect(outputs).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [0, 0, 1],
      [1, 0, 0],
      [close(half), 0, close(half)],
    ]);
  });

  it('tells what of a text was cut', async () => {
    const box = await onnxModel('multimodal_embedding');
    const told: unknown[] = [];
    const annotate = (at: number, metadata: object) => void (told[at] = metadata);
    const options = { parameters: {}, folder: box.folder, addFile: () => undefined, annotate };
    await box.model.run(['red', 'blue '.repeat(50)], { ...options, signal: new AbortController().signal });
    expect(told).toEqual([undefined, { truncated: { tokens: 52, kept: 32 } }]);
  });

  it('serves what half a bundle can, and says what it can’t', async () => {
    const { clip } = await import('../../../models/clip.js');
    const { 'onnx/vision_model.onnx': _, ...files } = clip();
    const box = await onnxModel('multimodal_embedding', files);
    const outputs = await box.run(['red', { image: await picture(box, 'red') }]);
    expect(outputs[0]).toEqual(Float32Array.of(1, 0, 0));
    expect(outputs[1]).toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('no graph `vision_model.onnx`') as string,
    });
  });
});
