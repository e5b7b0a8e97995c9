import { kernelOf, type Filter, type WeighingFilter } from './pillow-filters.js';

/** Red, green and blue of each pixel, row by row. */
export interface Rgb {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

/** Of the weights: a sum of products with bytes still fits into 32 bits. */
const weightBits = 22;

/** Which places of a line make a place of the new one, and with what weights. */
interface Weights {
  /** The most places that make one. */
  size: number;
  /** The first of them, for each place of the new line. */
  starts: Int32Array;
  weights: Int32Array;
}

/**
 * A picture in another size, to the byte as `Image.resize` of Pillow 13 makes it: where it becomes smaller every pixel
 * counts. libvips rounds places and weights otherwise, and the affine of transformers.js skips pixels.
 *
 * Source of the rule: `src/libImaging/Resample.c` of Pillow. Before version 13 it always began with the lines.
 */
export function pillowResize(picture: Rgb, width: number, height: number, filter: Filter): Rgb {
  if (filter === 'nearest') return nearest(picture, width, height);
  const lower = picture.height - height;
  const columnsFirst = lower > 0 && lower > (picture.width - width) * 2;
  return columnsFirst
    ? withWidth(withHeight(picture, height, filter), width, filter)
    : withHeight(withWidth(picture, width, filter), height, filter);
}

function withWidth(picture: Rgb, width: number, filter: WeighingFilter): Rgb {
  if (width === picture.width) return picture;
  const weights = weightsOf(picture.width, width, filter);
  const { height, data } = picture;
  const resized = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      weigh(data, y * picture.width * 3, 3, weights, x, resized, (y * width + x) * 3);
    }
  }
  return { width, height, data: resized };
}

function withHeight(picture: Rgb, height: number, filter: WeighingFilter): Rgb {
  if (height === picture.height) return picture;
  const weights = weightsOf(picture.height, height, filter);
  const { width, data } = picture;
  const resized = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) weigh(data, x * 3, width * 3, weights, y, resized, (y * width + x) * 3);
  }
  return { width, height, data: resized };
}

/** One pixel of the new picture at `to`, from the line of the old one that begins at `from` and goes on by `step`. */
function weigh(
  data: Rgb['data'],
  from: number,
  step: number,
  { size, starts, weights }: Weights,
  at: number,
  resized: Uint8ClampedArray,
  to: number,
): void {
  const half = 1 << (weightBits - 1);
  let [red, green, blue] = [half, half, half];
  let place = from + (starts[at] ?? 0) * step;
  const end = (at + 1) * size;
  for (let tap = at * size; tap < end; tap++) {
    const weight = weights[tap] ?? 0;
    // Weights beyond the line are zero.
    if (weight !== 0) {
      red += (data[place] ?? 0) * weight;
      green += (data[place + 1] ?? 0) * weight;
      blue += (data[place + 2] ?? 0) * weight;
    }
    place += step;
  }
  // What is below 0 or above 255 the array clamps.
  resized[to] = red >> weightBits;
  resized[to + 1] = green >> weightBits;
  resized[to + 2] = blue >> weightBits;
}

function weightsOf(from: number, to: number, filter: WeighingFilter): Weights {
  const kernel = kernelOf(filter);
  const scale = from / to;
  const spread = Math.max(scale, 1);
  const reach = kernel.support * spread;
  const size = Math.ceil(reach) * 2 + 1;
  const starts = new Int32Array(to);
  const weights = new Int32Array(to * size);
  for (let at = 0; at < to; at++) {
    const center = (at + 0.5) * scale;
    const start = Math.max(Math.trunc(center - reach + 0.5), 0);
    const count = Math.min(Math.trunc(center + reach + 0.5), from) - start;
    const exact = Array.from({ length: count }, (_, tap) => kernel.weigh((tap + start - center + 0.5) * (1 / spread)));
    const sum = exact.reduce((total, weight) => total + weight, 0);
    starts[at] = start;
    exact.forEach((weight, tap) => (weights[at * size + tap] = fixedPoint(sum === 0 ? weight : weight / sum)));
  }
  return { size, starts, weights };
}

/** The nearest whole number of steps, halves away from zero. */
function fixedPoint(weight: number): number {
  return Math.trunc(weight * 2 ** weightBits + (weight < 0 ? -0.5 : 0.5));
}

/** `ImagingScaleAffine` of Pillow's Geometry.c: places are counted up, with the errors that this brings. */
function nearest({ width, height, data }: Rgb, toWidth: number, toHeight: number): Rgb {
  const columns = nearestPlaces(width, toWidth);
  const rows = nearestPlaces(height, toHeight);
  const resized = new Uint8ClampedArray(toWidth * toHeight * 3);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * 3;
      for (let color = 0; color < 3; color++) resized[to++] = data[from + color] ?? 0;
    }
  }
  return { width: toWidth, height: toHeight, data: resized };
}

function nearestPlaces(from: number, to: number): number[] {
  const scale = from / to;
  let place = scale * 0.5;
  return Array.from({ length: to }, () => {
    const found = Math.min(Math.floor(place), from - 1);
    place += scale;
    return found;
  });
}
