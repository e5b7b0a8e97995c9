import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLibrary } from '../../../../../engine/runtimes/onnx/library.js';
import type { ModelSource } from '../../../../../engine/runtimes/onnx/model-source.js';
import { loadImageProcessor } from '../../../../../engine/runtimes/onnx/image/processor/load-processor.js';
import { processorDefaults } from '../../../../../engine/runtimes/onnx/image/processor/defaults.js';
import { outputNamed } from '../../../../../engine/runtimes/onnx/outputs.js';
import reference from '../../../../fixtures/references/image/processors.json' with { type: 'json' };
import { temporaryFolder } from '../../../../helpers/activity.js';
import { floatsOf, furthest, pictureOf } from '../../../../helpers/picture-references.js';

/** The pixels that a processor of this configuration makes of a picture, and their dimensions. */
async function pixelsBy(config: object, at: number) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify(config));
  const library = await loadLibrary();
  const bundle = { root: folder, filesDirectory: folder, digest: 'test' };
  const processor = async () =>
    (await library.AutoProcessor.from_pretrained(folder, { local_files_only: true })) as never;
  const made = await loadImageProcessor({ bundle, library, processor } as unknown as ModelSource);
  const pixels = outputNamed(await made.inputsOf(pictureOf(reference.pictures[at]!)), 'pixel_values');
  return { dims: [...pixels.dims], data: pixels.data as Float32Array, name: made.name };
}

/** Each so-many-th pixel of each line and column. */
function thinned({ dims, data }: { dims: number[]; data: Float32Array }, every: number): number[] {
  const [, , height = 0, width = 0] = dims;
  return Array.from(data).filter(
    (_, at) => (at % width) % every === 0 && (Math.floor(at / width) % height) % every === 0,
  );
}

describe('what a network sees of a picture', () => {
  const names = [...new Set(reference.cases.map(({ given }) => given.image_processor_type))];

  it.each(names)('is what it sees in Python by %s', async (name) => {
    for (const { config, given, picture, every, pixels } of reference.cases) {
      if (given.image_processor_type !== name) continue;
      // What a processor writes into its file, and the same with its defaults left out.
      for (const file of [config, given]) {
        const found = await pixelsBy(file, picture);
        expect(furthest(thinned(found, every), floatsOf(pixels)), JSON.stringify(file)).toBeLessThan(1e-6);
      }
    }
  });

  it('is held to Python for each processor but one of torchvision alone', () => {
    expect([...names, 'DINOv3ViTImageProcessor'].sort()).toEqual(Object.keys(processorDefaults).sort());
  });

  it('is the same by the names of torchvision and of old', async () => {
    const size = { height: 8, width: 8 };
    const wanted = await pixelsBy({ image_processor_type: 'ViTImageProcessor', size }, 0);
    expect(await pixelsBy({ image_processor_type: 'ViTImageProcessorFast', size }, 0)).toEqual(wanted);
    expect(await pixelsBy({ feature_extractor_type: 'ViTFeatureExtractor', size: 8 }, 0)).toEqual(wanted);
  });

  it('is resized by Pillow’s rule for a processor that only the library knows', async () => {
    const rest = { size: { height: 8, width: 8 }, resample: 2, do_normalize: true, image_mean: 0.5, image_std: 0.5 };
    const found = await pixelsBy({ image_processor_type: 'MobileNetV4ImageProcessor', ...rest }, 0);
    const wanted = await pixelsBy({ image_processor_type: 'ViTImageProcessor', ...rest }, 0);
    expect(found.name).toBeUndefined();
    expect(furthest(found.data, wanted.data)).toBeLessThan(1e-6);
  });

  it('comes of a file that says what it should', async () => {
    const broken = { image_processor_type: 'ViTImageProcessor', size: 'large' };
    await expect(pixelsBy(broken, 0)).rejects.toMatchObject({
      code: 'Failed',
      message: expect.stringContaining('preprocessor_config.json') as string,
    });
  });
});
