import type { Point } from './geometry.js';

/** A picture of which each pixel is set or not. */
export interface Bitmap {
  width: number;
  height: number;
  /** 1 for a pixel that is set. */
  data: Uint8Array;
}

/** Sets the pixels whose left, upper or upper left neighbour is set: OpenCV's `dilate` with a kernel of two by two. */
export function dilate({ width, height, data }: Bitmap): Bitmap {
  const wider = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      for (const [right, down] of [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ] as const) {
        if (x + right < width && y + down < height) wider[(y + down) * width + x + right] = 1;
      }
    }
  }
  return { width, height, data: wider };
}

const beside: readonly Point[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];
const around: readonly Point[] = [...beside, [1, 1], [1, -1], [-1, 1], [-1, -1]];

/**
 * The edges of all that is set, one list of pixels for each part that hangs together, and one for each hole in a part:
 * those of OpenCV's `findContours`, in another order, and with pixels on straight lines too.
 */
export function outlinesOf(bitmap: Bitmap): Point[][] {
  const seen = new Uint8Array(bitmap.data.length);
  const outlines: Point[][] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 1) continue;
    const set = bitmap.data[start] === 1;
    const { edge, open } = flood(bitmap, seen, start, set);
    if (set || !open) outlines.push(edge);
  }
  return outlines;
}

/**
 * Walks over a part from one of its pixels.
 *
 * @returns the set pixels along its edge, and whether it reaches the picture's border
 */
function flood({ width, height, data }: Bitmap, seen: Uint8Array, start: number, set: boolean) {
  const edge = new Map<number, Point>();
  const stack = [start];
  let open = false;
  seen[start] = 1;
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const [x, y] = [place % width, Math.floor(place / width)];
    for (const [right, down] of set ? around : beside) {
      const [nextX, nextY] = [x + right, y + down];
      const outside = nextX < 0 || nextY < 0 || nextX >= width || nextY >= height;
      open ||= outside;
      const next = nextY * width + nextX;
      if (outside || (data[next] === 1) !== set) {
        if (set) edge.set(place, [x, y]);
        else if (!outside) edge.set(next, [nextX, nextY]);
      } else if (seen[next] === 0) {
        seen[next] = 1;
        stack.push(next);
      }
    }
  }
  return { edge: [...edge.values()], open };
}
