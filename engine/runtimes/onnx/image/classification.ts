import { imageOf, type ImageInput } from '../../../models/tasks/image.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { bestLabels, scoresOf } from '../classification.js';
import { runEach } from '../each-input.js';
import { floatData } from '../float-data.js';
import type { ModelLoader } from '../model-source.js';
import { outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { loadImageProcessor } from './processor/load-processor.js';
import { readImage } from './read-image.js';

/** Labels of images, best first. */
export const imageClassification: ModelLoader = async (source) => {
  const [processor, network] = await Promise.all([
    loadImageProcessor(source),
    source.network((library) => library.AutoModelForImageClassification),
  ]);
  return {
    async run(inputs, options) {
      const { top_k: count } = parametersBy(taskParameters.image_classification, options);
      return runEach(inputs, options, async (input) => {
        const outputs = await network(await processor.inputsOf(await readImage(imageOf(input as ImageInput))));
        const scores = scoresOf(floatData(outputNamed(outputs, 'logits')), network.config);
        return bestLabels(scores, network.config, count ?? undefined);
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};
