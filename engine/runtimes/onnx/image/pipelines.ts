import type { JsonValue } from '../../../../planner/index.js';
import { imageOf, type ImageInput } from '../../../models/tasks/image.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { runEach } from '../each-input.js';
import type { ModelLoader } from '../model-source.js';
import { parametersBy } from '../parameters.js';
import { plainOutput } from '../plain-output.js';
import { readImage, type Pixels } from './read-image.js';

/** The library makes a map of the image's size for each label: 600 MB for 150 labels of a million pixels. */
const maxSegmentedPixels = 1_000_000;

/** Things in images, each with its box. */
export const objectDetection: ModelLoader = async (source) => {
  const pipeline = await source.pipeline('object-detection');
  return {
    async run(inputs, options) {
      const parameters = parametersBy(taskParameters.object_detection, options);
      return runEach(inputs, options, async (input) =>
        plainOutput(await pipeline(await readImage(imageOf(input as ImageInput)), { ...parameters })),
      );
    },
    async dispose() {
      await pipeline.dispose();
    },
  };
};

interface Segment {
  label: string | null;
  score: number | null;
  mask: Pixels;
}

/** Parts of images, each with its mask. */
export const imageSegmentation: ModelLoader = async (source) => {
  const pipeline = await source.pipeline('image-segmentation');
  return {
    async run(inputs, options) {
      const parameters = parametersBy(taskParameters.image_segmentation, options);
      return runEach(inputs, options, async (input) => {
        const image = await readImage(imageOf(input as ImageInput), { maxPixels: maxSegmentedPixels });
        const segments = (await pipeline(image, { ...parameters })) as Segment[];
        return Promise.all(
          segments.map(async ({ label, score, mask }) => ({ label, score, mask: await encodedMask(mask) })),
        );
      });
    },
    async dispose() {
      await pipeline.dispose();
    },
  };
};

async function encodedMask({ data, width, height }: Pixels): Promise<JsonValue> {
  const { default: sharp } = await import('sharp');
  const png = await sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
  return { width, height, png: png.toString('base64') };
}
