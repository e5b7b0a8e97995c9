import type { JsonValue } from '../../../../../planner/index.js';
import { imageOf, type ImageInput } from '../../../../models/tasks/image.js';
import { taskParameters } from '../../../../models/tasks/parameters/index.js';
import { labelOf } from '../../classification.js';
import { runEach } from '../../each-input.js';
import type { Library, Network, Tensors } from '../../library.js';
import type { ModelLoader, NetworkKind } from '../../model-source.js';
import { parametersBy } from '../../parameters.js';
import { loadImageProcessor } from '../processor/load-processor.js';
import type { Size } from '../processor/sizes.js';
import { readImage } from '../read-image.js';
import { partsOf } from './parts.js';
import type { Segment } from './segments.js';

/** Parts of images, each with its mask. */
export const imageSegmentation: ModelLoader = async (source) => {
  const { model_type: type = '' } = await source.config();
  const [processor, network] = await Promise.all([
    loadImageProcessor(source),
    source.network((library) => kindOf(library, type)),
  ]);
  return {
    async run(inputs, options) {
      const parameters = parametersBy(taskParameters.image_segmentation, options);
      return runEach(inputs, options, async (input) => {
        const image = await readImage(imageOf(input as ImageInput));
        const outputs = await network(inputsFor(network, await processor.inputsOf(image)));
        const parts = await partsOf(outputs, { processor: processor.name, size: image }, parameters, options.signal);
        return Promise.all(parts.map((part) => told(part, image, network)));
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};

/** The first of the library's classes that knows the model. */
function kindOf(library: Library, type: string): NetworkKind {
  const { AutoModelForImageSegmentation, AutoModelForSemanticSegmentation, AutoModelForUniversalSegmentation } =
    library;
  const kinds = [AutoModelForImageSegmentation, AutoModelForSemanticSegmentation, AutoModelForUniversalSegmentation];
  return kinds.find((kind) => kind.supports(type)) ?? library.AutoModel;
}

/** Networks that take away backgrounds have names of their own for their only input. */
function inputsFor({ sessions }: Network, inputs: Tensors): Tensors {
  const [first = 'pixel_values', ...others] = sessions['model']?.inputNames ?? [];
  const pixels = inputs['pixel_values'];
  return others.length === 0 && pixels ? { [first]: pixels } : inputs;
}

async function told({ label, score, mask }: Segment, { width, height }: Size, { config }: Network): Promise<JsonValue> {
  const { default: sharp } = await import('sharp');
  const png = await sharp(mask, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
  const name = label === undefined ? null : labelOf(config, label);
  return { label: name, score, mask: { width, height, png: png.toString('base64') } };
}
