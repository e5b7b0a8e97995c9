import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLibrary } from '../../../../../engine/runtimes/onnx/library.js';
import { loadImageProcessor } from '../../../../../engine/runtimes/onnx/image/processor/load-processor.js';
import type { ModelSource } from '../../../../../engine/runtimes/onnx/model-source.js';
import { outputNamed } from '../../../../../engine/runtimes/onnx/outputs.js';
import reference from '../../../../fixtures/references/image/settings.json' with { type: 'json' };
import { temporaryFolder } from '../../../../helpers/activity.js';
import { floatsOf, furthest, pictureOf } from '../../../../helpers/picture-references.js';

async function pixelsBy(folder: string, config: object) {
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify(config));
  const bundle = { root: folder, filesDirectory: folder, digest: 'test' };
  const made = await loadImageProcessor({ bundle, library: await loadLibrary() } as unknown as ModelSource);
  const { dims, data } = outputNamed(await made.inputsOf(pictureOf(reference.picture)), 'pixel_values');
  const [, channels = 0, height = 0, width = 0] = dims;
  const thin = Array.from(data as Float32Array).filter(
    (_, at) => (at % width) % reference.every === 0 && (Math.floor(at / width) % height) % reference.every === 0,
  );
  return { dims: [channels, height, width], thin };
}

const names = [...new Set(reference.cases.map(({ config }) => config.image_processor_type))];

describe('settings of an image processor', () => {
  it.each(names)('are obeyed by %s where Python’s obeys them, and let lie where it doesn’t know them', async (name) => {
    const folder = await temporaryFolder();
    for (const { config, dims, pixels, error } of reference.cases) {
      if (config.image_processor_type !== name) continue;
      if (error !== undefined) {
        await expect(pixelsBy(folder, config)).rejects.toMatchObject({ code: 'Failed' });
        continue;
      }
      const found = await pixelsBy(folder, config);
      expect(found.dims, JSON.stringify(config)).toEqual(dims);
      expect(furthest(found.thin, floatsOf(pixels)), JSON.stringify(config)).toBeLessThan(1e-5);
    }
  });

  it('are refused by name where only torchvision’s class obeys them', async () => {
    const folder = await temporaryFolder();
    const config = {
      image_processor_type: 'ViTImageProcessorFast',
      size: { height: 8, width: 8 },
      do_center_crop: true,
    };
    await expect(pixelsBy(folder, config)).rejects.toMatchObject({
      code: 'MissingDependency',
      message: expect.stringContaining('`do_center_crop` of ViTImageProcessorFast is not served') as string,
    });
  });
});
