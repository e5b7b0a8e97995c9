import type { InferenceSession } from 'onnxruntime-node';
import { ModelJobError } from '../../../../planner/index.js';
import { resizeLinear, turnOver, type Raster } from './raster.js';
import { runNetwork } from './run-network.js';

/** Lines in one call of a network: RapidOCR's number, for a line's padding depends on those that it comes with. */
const batchSize = 6;

/** How sure the classifier must be that a line stands upside down. */
const turnedThreshold = 0.9;

/** The classifier's picture. */
const classifierSize = { width: 192, height: 48 };

/** The height of the recognizer's pictures, and the least of their widths as a multiple of it. */
const lineHeight = 48;
const leastRatio = 320 / 48;

/** What a line says, and how sure the model is: the mean over its letters. */
export interface ReadLine {
  text: string;
  score: number;
}

/** Turns the lines that stand upside down. */
export async function turnUpright(lines: readonly Raster[], network: InferenceSession): Promise<Raster[]> {
  return inBatches(lines, async (batch) => {
    const { width, height } = classifierSize;
    const output = await runNetwork(network, pixelsOf(batch, width, height), [batch.length, 3, height, width]);
    return batch.map((line, at) => {
      const [upright = 0, turned = 0] = output.data.subarray(2 * at, 2 * at + 2);
      return turned > upright && turned > turnedThreshold ? turnOver(line) : line;
    });
  });
}

/**
 * Reads lines.
 *
 * @param letters by the numbers of the network's classes; the first is the blank between letters, the last the space
 * @throws ModelJobError `Failed` for letters of another network
 */
export async function readLines(
  lines: readonly Raster[],
  network: InferenceSession,
  letters: readonly string[],
): Promise<ReadLine[]> {
  return inBatches(lines, async (batch) => {
    const ratio = Math.max(leastRatio, ...batch.map(({ width, height }) => width / height));
    const width = Math.trunc(lineHeight * ratio);
    const output = await runNetwork(network, pixelsOf(batch, width, lineHeight), [batch.length, 3, lineHeight, width]);
    const [, steps = 0, classes = 0] = output.dims;
    checkLetters(classes, letters);
    return batch.map((_, at) =>
      decodeLine(output.data.subarray(at * steps * classes, (at + 1) * steps * classes), classes, letters),
    );
  });
}

/** Runs lines of like shape together, and gives the results in the lines' order. */
async function inBatches<T>(lines: readonly Raster[], work: (batch: Raster[]) => Promise<T[]>): Promise<T[]> {
  const order = lines.map((line, at) => ({ line, at, ratio: line.width / line.height }));
  order.sort((left, right) => left.ratio - right.ratio);
  const results = new Array<T>(lines.length);
  for (let start = 0; start < order.length; start += batchSize) {
    const batch = order.slice(start, start + batchSize);
    const found = await work(batch.map(({ line }) => line));
    batch.forEach(({ at }, index) => (results[at] = found[index] as T));
  }
  return results;
}

/** A network trained without the space, which ends the letters, has one class less. */
function checkLetters(classes: number, { length }: readonly string[]): void {
  if (classes === length || classes === length - 1) return;
  const message = `the recognition has ${classes} classes, but its list of letters makes ${length} with blank and space`;
  throw new ModelJobError('Failed', message, { retryable: false });
}

/** Pictures of one height beside gray up to one width, blue first, from -1 to 1. */
function pixelsOf(lines: readonly Raster[], width: number, height: number): Float32Array {
  const pixels = new Float32Array(lines.length * 3 * width * height);
  lines.forEach((line, at) => {
    const own = Math.min(Math.ceil((height * line.width) / line.height), width);
    const { data } = resizeLinear(line, own, height);
    for (let color = 0; color < 3; color++) {
      for (let y = 0; y < height; y++) {
        const start = ((at * 3 + color) * height + y) * width;
        for (let x = 0; x < own; x++) pixels[start + x] = (data[(y * own + x) * 3 + 2 - color] ?? 0) / 127.5 - 1;
      }
    }
  });
  return pixels;
}

/** The likeliest class of each step; repeated ones and blanks are left out: https://distill.pub/2017/ctc/ */
function decodeLine(steps: Float32Array, classes: number, letters: readonly string[]): ReadLine {
  const found: { letter: string; score: number }[] = [];
  let before = -1;
  for (let start = 0; start < steps.length; start += classes) {
    let best = 0;
    for (let id = 1; id < classes; id++) if ((steps[start + id] ?? 0) > (steps[start + best] ?? 0)) best = id;
    if (best !== before && best !== 0) found.push({ letter: letters[best] ?? '', score: steps[start + best] ?? 0 });
    before = best;
  }
  const sum = found.reduce((total, { score }) => total + score, 0);
  return { text: found.map(({ letter }) => letter).join(''), score: found.length === 0 ? 0 : sum / found.length };
}
