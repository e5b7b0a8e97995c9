/** A picture of three colors, row by row: red, green and blue of each pixel. */
export interface Raster {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

/** Of OpenCV's whole-number arithmetic for weights: two to the power of this is one. */
const weightBits = 11;

/** A picture of this size, by the two nearest pixels on each side: OpenCV's `INTER_LINEAR`, at most one step of 255 off. */
export function resizeLinear(image: Raster, width: number, height: number): Raster {
  if (width === image.width && height === image.height) return image;
  const columns = weightsOf(image.width, width);
  const data = new Uint8ClampedArray(width * height * 3);
  let at = 0;
  for (const row of weightsOf(image.height, height)) {
    const [upper, lower] = [widened(image, row.from, columns), widened(image, row.to, columns)];
    upper.forEach((above, place) => {
      const sum = ((row.first * (above >> 4)) >> 16) + ((row.second * ((lower[place] ?? 0) >> 4)) >> 16);
      data[at++] = (sum + 2) >> 2;
    });
  }
  return { width, height, data };
}

/** A row of another width, each value {@link weightBits} too large. */
function widened({ width, data }: Raster, row: number, columns: readonly Weights[]): Int32Array {
  const wide = new Int32Array(columns.length * 3);
  let at = 0;
  for (const { from, to, first, second } of columns) {
    const [left, right] = [(row * width + from) * 3, (row * width + to) * 3];
    for (let color = 0; color < 3; color++) {
      wide[at++] = (data[left + color] ?? 0) * first + (data[right + color] ?? 0) * second;
    }
  }
  return wide;
}

/** Black rows above and below. */
export function padRows({ width, height, data }: Raster, rows: number): Raster {
  const padded = new Uint8ClampedArray(width * (height + 2 * rows) * 3);
  padded.set(data, width * rows * 3);
  return { width, height: height + 2 * rows, data: padded };
}

/** Turned to the left by a quarter. */
export function turnLeft(image: Raster): Raster {
  return moved(image, image.height, image.width, (x, y) => [image.width - 1 - y, x]);
}

/** Turned upside down. */
export function turnOver(image: Raster): Raster {
  return moved(image, image.width, image.height, (x, y) => [image.width - 1 - x, image.height - 1 - y]);
}

/** @param from the place of the old picture that a place of the new one shows */
function moved(
  image: Raster,
  width: number,
  height: number,
  from: (x: number, y: number) => readonly [x: number, y: number],
): Raster {
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [oldX, oldY] = from(x, y);
      const start = (oldY * image.width + oldX) * 3;
      data.set(image.data.subarray(start, start + 3), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

/** The two old places beside a new one, and what each counts. */
interface Weights {
  from: number;
  to: number;
  first: number;
  second: number;
}

function weightsOf(old: number, size: number): Weights[] {
  return Array.from({ length: size }, (_, at) => {
    const place = Math.min(Math.max(((at + 0.5) * old) / size - 0.5, 0), old - 1);
    const from = Math.floor(place);
    const second = Math.round((place - from) * 2 ** weightBits);
    return { from, to: Math.min(from + 1, old - 1), first: 2 ** weightBits - second, second };
  });
}
