import { pillowResize } from '../../../media/pillow-resize.js';
import { comparableData } from '../../float-data.js';
import type { Tensor } from '../../library.js';
import { sigmoid } from '../../numbers.js';
import type { Size } from '../processor/sizes.js';
import type { Segment } from './segments.js';

/** Outside of 0 to 1 by more than this, numbers are no probabilities yet. */
const tolerance = 1e-5;

/** The part of an image that a network which takes away backgrounds leaves: a share of each pixel, no label. */
export function foregroundOf(output: Tensor, { width, height }: Size): Segment {
  const [rows = 1, columns = 1] = output.dims.slice(-2);
  const data = comparableData(output).subarray(0, rows * columns);
  const areLogits = data.some((value) => value < -tolerance || value > 1 + tolerance);
  const shares = Array.from(data, (value) => Math.trunc(255 * (areLogits ? sigmoid(value) : value)));
  const gray = { width: columns, height: rows, data: Uint8ClampedArray.from(shares.flatMap((one) => [one, one, one])) };
  const { data: resized } = pillowResize(gray, width, height, 'bilinear');
  return {
    label: undefined,
    score: null,
    mask: Uint8Array.from({ length: width * height }, (_, at) => resized[at * 3] ?? 0),
  };
}
