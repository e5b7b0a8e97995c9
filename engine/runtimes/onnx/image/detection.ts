import { imageOf, type ImageInput } from '../../../models/tasks/image.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { labelOf } from '../classification.js';
import { runEach } from '../each-input.js';
import type { ModelLoader } from '../model-source.js';
import { outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { detectionRuleOf, type Thing } from './detection-rules.js';
import { loadImageProcessor } from './processor/load-processor.js';
import type { Size } from './processor/sizes.js';
import { readImage } from './read-image.js';

/** Things in images, each with its box. */
export const objectDetection: ModelLoader = async (source) => {
  const { model_type: type = '' } = await source.config();
  const { AutoModelForObjectDetection, AutoModel } = source.library;
  const processor = await loadImageProcessor(source);
  const things = detectionRuleOf(processor.name, type);
  const network = await source.network(() =>
    AutoModelForObjectDetection.supports(type) ? AutoModelForObjectDetection : AutoModel,
  );
  return {
    async run(inputs, options) {
      const { threshold, percentage } = parametersBy(taskParameters.object_detection, options);
      return runEach(inputs, options, async (input) => {
        const image = await readImage(imageOf(input as ImageInput));
        const outputs = await network(await processor.inputsOf(image));
        const found = things(outputNamed(outputs, 'logits'), outputNamed(outputs, 'pred_boxes'));
        return found
          .filter(({ score }) => score > threshold)
          .map((thing) => ({
            label: labelOf(network.config, thing.label),
            score: thing.score,
            box: percentage ? sharesOf(thing) : boxIn(thing, image),
          }));
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};

/** The corners of a box that is told by its middle and its sides, as shares of the image. */
function sharesOf({ box: [x, y, width, height] }: Thing) {
  return {
    xmin: Math.fround(x - width / 2),
    ymin: Math.fround(y - height / 2),
    xmax: Math.fround(x + width / 2),
    ymax: Math.fround(y + height / 2),
  };
}

/** The corners of a box in whole pixels of the image, towards zero as Python's pipeline has them. */
export function boxIn(thing: Thing, { width, height }: Size) {
  const { xmin, ymin, xmax, ymax } = sharesOf(thing);
  const pixel = (share: number, length: number): number => Math.trunc(Math.fround(share * length));
  return { xmin: pixel(xmin, width), ymin: pixel(ymin, height), xmax: pixel(xmax, width), ymax: pixel(ymax, height) };
}
