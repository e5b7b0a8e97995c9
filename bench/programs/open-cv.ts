import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { programBackends } from '../../engine/runtimes/program/backends.js';
import { pythonWith } from '../python.js';
import { checkout } from '../real-model.js';
import { given, quoted, sample, specOf, type ProgramCheck } from './check.js';

const cascade = 'haarcascade_frontalface_default.xml';

/** Where the face of the sample is, in pixels. */
const face = { x: 105, y: 115 };

/** OpenCV of PyPI with a cascade that comes with it: an image that it reads, and one that is converted. */
export const openCv: ProgramCheck = async (folder) => {
  const python = await pythonWith('opencv-python-headless<5', 'numpy');
  if (!python) return 'no Python with OpenCV';
  await mkdir(folder, { recursive: true });
  const cascades = await python.run(['-c', 'import cv2; print(cv2.data.haarcascades)']);
  await cp(join(cascades.trim(), cascade), join(folder, cascade));
  const avif = join(dirname(folder), 'face.avif');
  await sharp(sample('images/face.jpg')).toFile(avif);
  const program = `${quoted(join(python.programs, 'python'))} ${quoted(join(checkout, 'examples/opencv-detect/detect.py'))}`;
  const template = programBackends.opencv.example;
  return {
    program: `${python.packages}, ${cascade}`,
    env: { MODEL_JOBS_OPEN_CV: template.replace('python3 /opt/models/detect.py', program) },
    request: {
      backend: 'open_cv',
      spec: await specOf('faces', 'face_detection', folder),
      inputs: [sample('images/face.jpg'), avif].map((image) => given({ image })),
    },
    judge(outputs) {
      const wrong = outputs.find((found) => !isFace(found));
      return wrong === undefined ? undefined : `found ${JSON.stringify(wrong)}`;
    },
  };
};

const side = z.number();
const oneBox = z.tuple([z.object({ box: z.object({ xmin: side, ymin: side, xmax: side, ymax: side }) })]);

/** Whether one face was found, where it is. */
function isFace(found: unknown): boolean {
  const boxes = oneBox.safeParse(found);
  if (!boxes.success) return false;
  const { xmin, ymin, xmax, ymax } = boxes.data[0].box;
  return xmin < face.x && face.x < xmax && ymin < face.y && face.y < ymax && xmax - xmin < 120;
}
