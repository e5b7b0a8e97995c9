import { comparableData } from '../float-data.js';
import type { Tensor } from '../library.js';
import type { Size } from '../image/processor/sizes.js';

/** What CenterFace gives for a picture of this size: maps of a quarter of it. */
export interface FaceMaps extends Size {
  /** How likely the middle of a face is here. */
  scores: Tensor;
  /** Logarithms of its height and width. */
  scales: Tensor;
  /** Where in its place the middle is, down and across. */
  offsets: Tensor;
  /** Eyes, nose and corners of the mouth, down and across, as shares of the face. */
  points: Tensor;
}

export type Point = readonly [x: number, y: number];

export interface Face {
  score: number;
  /** Left, top, right, bottom, in pixels of the picture. */
  box: readonly [number, number, number, number];
  points: Point[];
}

/** Pixels that a place of the maps stands for. */
const stride = 4;

/** Of two faces that share this much of both the likelier one stays. */
const sharedAtMost = 0.3;

/**
 * The faces in a picture, the likeliest first: `decode` and `nms` of CenterFace.
 *
 * @param picture the size of the picture as it was given
 * @throws ModelJobError `Failed` where the network gives no number
 */
export function facesIn(maps: FaceMaps, picture: Size, threshold: number): Face[] {
  const [scores, scales, offsets, points] = [maps.scores, maps.scales, maps.offsets, maps.points].map(comparableData);
  const columns = maps.width / stride;
  const area = columns * (maps.height / stride);
  const found: Face[] = [];
  scores?.forEach((score, at) => {
    if (!(score > threshold)) return;
    const value = (map: Float32Array | undefined, channel: number): number => map?.[channel * area + at] ?? NaN;
    const [row, column] = [Math.floor(at / columns), at % columns];
    const height = Math.fround(Math.exp(value(scales, 0))) * stride;
    const width = Math.fround(Math.exp(value(scales, 1))) * stride;
    const left = within((column + value(offsets, 1) + 0.5) * stride - width / 2, maps.width);
    const top = within((row + value(offsets, 0) + 0.5) * stride - height / 2, maps.height);
    const right = Math.min(left + width, maps.width);
    const bottom = Math.min(top + height, maps.height);
    const own = [0, 1, 2, 3, 4].map((point): Point => [
      value(points, point * 2 + 1) * width + left,
      value(points, point * 2) * height + top,
    ]);
    found.push({ score, box: [left, top, right, bottom], points: own });
  });
  const [across, down] = [maps.width / picture.width, maps.height / picture.height];
  return withoutRepeats(found).map(({ score, box: [left, top, right, bottom], points: own }) => ({
    score,
    box: [left / across, top / down, right / across, bottom / down],
    points: own.map(([x, y]): Point => [x / across, y / down]),
  }));
}

function within(value: number, length: number): number {
  return Math.min(Math.max(value, 0), length);
}

function withoutRepeats(faces: readonly Face[]): Face[] {
  const kept: Face[] = [];
  for (const face of [...faces].sort((one, other) => other.score - one.score)) {
    if (kept.every((before) => sharedBy(before, face) < sharedAtMost)) kept.push(face);
  }
  return kept;
}

/** The area that two faces share, of that which both have. */
function sharedBy({ box: one }: Face, { box: other }: Face): number {
  const width = Math.max(0, Math.min(one[2], other[2]) - Math.max(one[0], other[0]));
  const height = Math.max(0, Math.min(one[3], other[3]) - Math.max(one[1], other[1]));
  const shared = width * height;
  return shared / (areaOf(one) + areaOf(other) - shared);
}

function areaOf([left, top, right, bottom]: Face['box']): number {
  return (right - left) * (bottom - top);
}
