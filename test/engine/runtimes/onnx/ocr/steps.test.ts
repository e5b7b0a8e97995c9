import { describe, expect, it } from 'vitest';
import {
  areaOf,
  convexHull,
  grown,
  smallestRectangle,
  type Point,
  type Quad,
} from '../../../../../engine/runtimes/onnx/ocr/geometry.js';
import { dilate, outlinesOf } from '../../../../../engine/runtimes/onnx/ocr/outlines.js';
import { padRows, resizeLinear, turnLeft, turnOver } from '../../../../../engine/runtimes/onnx/ocr/raster.js';
import { straighten } from '../../../../../engine/runtimes/onnx/ocr/straighten.js';
import reference from '../../../../fixtures/references/raster.json' with { type: 'json' };

const image = { ...reference.image, data: Uint8Array.from(reference.image.data) };

/** The largest difference of two pictures of one size. */
function difference(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  return theirs.reduce((most, value, at) => Math.max(most, Math.abs(value - ours[at]!)), 0);
}

describe('the steps of ocr', () => {
  it.each(reference.resized)('resize a picture to $width × $height as OpenCV does', ({ width, height, data }) => {
    expect(difference(resizeLinear(image, width, height).data, data)).toBeLessThanOrEqual(1);
  });

  it.each(reference.straightened)('cut out $quad as OpenCV does, standing texts turned', (wanted) => {
    const { width, height, data } = straighten(image, wanted.quad as unknown as Quad);
    expect([width, height]).toEqual([wanted.width, wanted.height]);
    expect(difference(data, wanted.data)).toBeLessThanOrEqual(2);
  });

  it.each(reference.rectangles)('find the smallest rectangle around $points', ({ points, area, shortSide }) => {
    const found = smallestRectangle(points as unknown as Point[]);
    expect(found.shortSide).toBeCloseTo(shortSide, 3);
    expect(areaOf(found.corners)).toBeCloseTo(area, 2);
  });

  it.each(reference.grown)('widen $quad by $by as Clipper does', ({ quad, by, area, shortSide }) => {
    const found = smallestRectangle(grown(quad as unknown as Quad, by));
    expect(found.shortSide).toBeCloseTo(shortSide, 3);
    expect(areaOf(found.corners)).toBeCloseTo(area, 2);
  });

  it.each(reference.outlines)('find the outlines of $rows, and of the holes', ({ rows, dilated, outlines }) => {
    const width = rows[0]!.length;
    const bitmap = dilate({ width, height: rows.length, data: Uint8Array.from(rows.join(''), Number) });
    expect(rows.map((_, y) => bitmap.data.slice(y * width, (y + 1) * width).join(''))).toEqual(dilated);
    expect(hulls(outlinesOf(bitmap))).toEqual(hulls(outlines as unknown as Point[][]));
  });

  it('turn a picture, and put black above and below it', () => {
    const two = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    expect(turnLeft(two)).toEqual({ width: 1, height: 2, data: Uint8ClampedArray.of(4, 5, 6, 1, 2, 3) });
    expect(turnOver(two)).toEqual({ width: 2, height: 1, data: Uint8ClampedArray.of(4, 5, 6, 1, 2, 3) });
    expect(padRows(two, 1)).toMatchObject({ width: 2, height: 3 });
  });
});

/** What of outlines matters: what they enclose. */
function hulls(outlines: Point[][]): string[] {
  return outlines.map((outline) => JSON.stringify(convexHull(outline))).sort();
}
