import { join } from 'node:path';
import type { LoadedModel, LocalBundle } from '../../../models/contract/model-runtime.js';
import { imageOf, type ImageInput } from '../../../models/tasks/image.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { runEach } from '../each-input.js';
import type { PlacedRequest } from '../device/provider.js';
import { openSession } from '../graph/session.js';
import { readImage } from '../image/read-image.js';
import { parametersBy } from '../parameters.js';
import { lettersOf } from './letters.js';
import { networksOf } from './networks.js';
import { readTexts } from './read-texts.js';

/** How likely a pixel of the detection's map must belong to a text. */
const pixelThreshold = 0.3;

/**
 * Texts in images by the networks of PP-OCR: where lines are, which of them stand upside down (where the bundle has a
 * network for it), and what they say. Steps and numbers are those of RapidOCR 1.4.
 */
export async function loadOcr(request: PlacedRequest, bundle: LocalBundle): Promise<LoadedModel> {
  const paths = await networksOf(bundle);
  const open = (path: string) => openSession(join(bundle.filesDirectory, path), request);
  const [detection, direction, recognition] = await Promise.all([
    open(paths.detection),
    paths.direction === undefined ? undefined : open(paths.direction),
    open(paths.recognition),
  ]);
  const letters = await lettersOf(bundle, paths.recognition);
  return {
    async run(inputs, options) {
      const {
        text_score: leastScore,
        box_thresh: boxThreshold,
        unclip_ratio: unclipRatio,
      } = parametersBy(taskParameters.ocr, options);
      const rules = { threshold: pixelThreshold, boxThreshold, unclipRatio };
      return runEach(inputs, options, async (input) => {
        const image = await readImage(imageOf(input as ImageInput), { behind: 'white' });
        const read = await readTexts(image, { detection, direction, recognition, letters }, rules);
        const lines = read.filter(({ score }) => score >= leastScore);
        return { text: lines.map(({ text }) => text).join('\n'), lines: lines.map(asOutput) };
      });
    },
    async dispose() {
      await Promise.all([detection.release(), direction?.release(), recognition.release()]);
    },
  };
}

function asOutput({ text, score, box }: Awaited<ReturnType<typeof readTexts>>[number]) {
  return { text, score, box: box.map(([x, y]) => [x, y]) };
}
