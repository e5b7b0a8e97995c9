import { areaOf, distance, grown, lengthOf, smallestRectangle, type Point, type Quad } from './geometry.js';
import { dilate, outlinesOf } from './outlines.js';

/** How likely each pixel of a picture, made smaller or larger, belongs to a text. */
export interface TextMap {
  width: number;
  height: number;
  data: Float32Array;
}

/** What tells a text from the rest; the defaults are those of RapidOCR. */
export interface FindOptions {
  /** How likely a pixel of a text must be. */
  threshold: number;
  /** The same for the mean of its place. */
  boxThreshold: number;
  /** By how much a place is widened: the map shows the middle of letters. */
  unclipRatio: number;
}

/** The most places of one picture. */
const maxPlaces = 1000;

/** The smallest side of a place in the map, in pixels. */
const minSide = 3;

/** Texts on one line, in pixels from the top. */
const sameLine = 10;

/** Where texts are in a picture of this size, line by line: https://arxiv.org/abs/1911.08947, as RapidOCR does it. */
export function findTexts(map: TextMap, size: { width: number; height: number }, options: FindOptions): Quad[] {
  const set = Uint8Array.from(map.data, (likely) => (likely > options.threshold ? 1 : 0));
  const outlines = outlinesOf(dilate({ ...map, data: set })).slice(0, maxPlaces);
  const quads = outlines.map((outline) => quadOf(outline, map, size, options));
  return inReadingOrder(quads.filter((quad) => quad !== undefined));
}

function quadOf(
  outline: readonly Point[],
  map: TextMap,
  { width, height }: { width: number; height: number },
  { boxThreshold, unclipRatio }: FindOptions,
): Quad | undefined {
  const inner = smallestRectangle(outline);
  if (inner.shortSide < minSide || meanWithin(map, inner.corners) < boxThreshold) return undefined;
  const by = (areaOf(inner.corners) * unclipRatio) / lengthOf(inner.corners);
  const outer = smallestRectangle(grown(inner.corners, by));
  if (outer.shortSide < minSide + 2) return undefined;
  const [a, b, c, d] = outer.corners.map(([x, y]): Point => [
    scaled(x, map.width, width),
    scaled(y, map.height, height),
  ]);
  if (!a || !b || !c || !d) return undefined;
  const quad = byQuarter([a, b, c, d]);
  const tooSmall =
    Math.trunc(distance(quad[0], quad[1])) <= minSide || Math.trunc(distance(quad[0], quad[3])) <= minSide;
  return tooSmall ? undefined : quad;
}

function scaled(place: number, from: number, to: number): number {
  return Math.min(Math.max(Math.round((place / from) * to), 0), to - 1);
}

/** The same corners, the upper ones of the two on the left and of the two on the right first. */
function byQuarter(quad: Quad): Quad {
  const [a, b, c, d] = [...quad].sort((left, right) => left[0] - right[0]) as [Point, Point, Point, Point];
  const [topLeft, bottomLeft] = a[1] <= b[1] ? [a, b] : [b, a];
  const [topRight, bottomRight] = c[1] <= d[1] ? [c, d] : [d, c];
  return [topLeft, topRight, bottomRight, bottomLeft];
}

/** The mean of a map over the pixels of a quadrangle, those on its edges too. */
function meanWithin({ width, height, data }: TextMap, quad: Quad): number {
  const corners = quad.map(([x, y]): Point => [Math.trunc(x), Math.trunc(y)]);
  const [top, bottom] = [Math.min(...corners.map(([, y]) => y)), Math.max(...corners.map(([, y]) => y))];
  let [sum, count] = [0, 0];
  for (let y = Math.max(top, 0); y <= Math.min(bottom, height - 1); y++) {
    const places = corners.flatMap((corner, at) => crossing(corner, corners[(at + 1) % corners.length] ?? corner, y));
    const [left, right] = [Math.round(Math.min(...places)), Math.round(Math.max(...places))];
    for (let x = Math.max(left, 0); x <= Math.min(right, width - 1); x++) {
      sum += data[y * width + x] ?? 0;
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** Where an edge meets a row of pixels. */
function crossing([ax, ay]: Point, [bx, by]: Point, y: number): number[] {
  if (y < Math.min(ay, by) || y > Math.max(ay, by)) return [];
  return ay === by ? [ax, bx] : [ax + ((y - ay) * (bx - ax)) / (by - ay)];
}

/** From top to bottom, and from left to right in a line. */
function inReadingOrder(quads: readonly Quad[]): Quad[] {
  const sorted = [...quads].sort(([a], [b]) => a[1] - b[1] || a[0] - b[0]);
  for (let at = 1; at < sorted.length; at++) {
    for (let before = at - 1; before >= 0; before--) {
      const [first, second] = [sorted[before], sorted[before + 1]];
      if (!first || !second) break;
      if (Math.abs(second[0][1] - first[0][1]) >= sameLine || second[0][0] >= first[0][0]) break;
      [sorted[before], sorted[before + 1]] = [second, first];
    }
  }
  return sorted;
}
