import { distance, type Point, type Quad } from './geometry.js';
import { turnLeft, type Raster } from './raster.js';

/** Parts of a pixel that are told apart: OpenCV's. */
const parts = 32;

/** A text is cut out lying; one that is this much higher than wide was standing. */
const standing = 1.5;

/** What lies in a quadrangle of a picture, as a rectangle: perspective and slant are taken out. */
export function straighten(image: Raster, quad: Quad): Raster {
  const [topLeft, topRight, bottomRight, bottomLeft] = quad;
  const width = Math.trunc(Math.max(distance(topLeft, topRight), distance(bottomRight, bottomLeft)));
  const height = Math.trunc(Math.max(distance(topLeft, bottomLeft), distance(topRight, bottomRight)));
  const place = perspective(quad, width, height);
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) pick(image, place(x, y), data, at);
  }
  const straight = { width, height, data };
  return height / width >= standing ? turnLeft(straight) : straight;
}

/** From places in a rectangle to those in a quadrangle: https://www.cs.cmu.edu/~ph/texfund/texfund.pdf, 2.2.3. */
function perspective(quad: Quad, width: number, height: number): (x: number, y: number) => Point {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = quad;
  const [dx1, dx2, sx] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, sy] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const area = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / area;
  const h = (dx1 * sy - sx * dy1) / area;
  return (x, y) => {
    const [u, v] = [x / width, y / height];
    const depth = g * u + h * v + 1;
    return [
      ((x1 - x0 + g * x1) * u + (x3 - x0 + h * x3) * v + x0) / depth,
      ((y1 - y0 + g * y1) * u + (y3 - y0 + h * y3) * v + y0) / depth,
    ];
  };
}

/** The color at a place, by the sixteen pixels around it; beyond the border those at the border. */
function pick({ width, height, data }: Raster, [x, y]: Point, into: Uint8ClampedArray, at: number): void {
  const [wholeX, columns] = cubic(x);
  const [wholeY, rows] = cubic(y);
  for (let color = 0; color < 3; color++) {
    let sum = 0;
    rows.forEach((row, down) => {
      const line = clamp(wholeY + down - 1, height) * width;
      columns.forEach((column, right) => {
        sum += row * column * (data[(line + clamp(wholeX + right - 1, width)) * 3 + color] ?? 0);
      });
    });
    into[at + color] = sum;
  }
}

const bend = -0.75;

/** The whole part of a place, and the weights of the four pixels from the one before it: OpenCV's `INTER_CUBIC`. */
const weights = Array.from({ length: parts }, (_, part) => {
  const x = part / parts;
  const far = (d: number): number => ((bend * d - 5 * bend) * d + 8 * bend) * d - 4 * bend;
  const near = (d: number): number => ((bend + 2) * d - (bend + 3)) * d * d + 1;
  const [first, second, third] = [far(x + 1), near(x), near(1 - x)];
  return [first, second, third, 1 - first - second - third];
});

function cubic(place: number): [whole: number, weights: number[]] {
  const fine = Math.round(place * parts);
  return [Math.floor(fine / parts), weights[((fine % parts) + parts) % parts] ?? []];
}

function clamp(place: number, size: number): number {
  return Math.min(Math.max(place, 0), size - 1);
}
