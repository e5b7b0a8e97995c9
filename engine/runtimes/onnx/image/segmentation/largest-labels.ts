import type { Size } from '../processor/sizes.js';
import { betweenLines, mixRows, placesOf, type Maps } from './maps.js';

/** The values of all maps in one line, those of a column side by side. */
interface Line {
  count: number;
  values: Float32Array;
  /** The maps that may be the largest between two columns; the first `rivals` of them count. */
  found: Int32Array;
}

/**
 * Which map is the largest at each pixel of a picture in another size, as in {@link eachLine}. Between two old columns
 * every map is a straight line: only those that rise above the highest of all lows are looked at.
 */
export async function largestLabels(maps: Maps, to: Size, signal: AbortSignal): Promise<Int32Array> {
  const columns = placesOf(maps.width, to.width);
  const rows = placesOf(maps.height, to.height);
  const largest = new Int32Array(to.width * to.height);
  const own = new Float32Array(maps.width);
  const { count } = maps;
  const line: Line = { count, values: new Float32Array(count * maps.width), found: new Int32Array(count) };
  for (let y = 0; y < to.height; y++) {
    await betweenLines(y, signal);
    for (let map = 0; map < count; map++) {
      mixRows(maps, map, rows, y, own);
      for (let x = 0; x < maps.width; x++) line.values[x * count + map] = own[x] ?? 0;
    }
    for (let x = 0; x < to.width;) {
      const [low = 0, high = 0] = [columns.low[x], columns.high[x]];
      const rivals = findRivals(line, low * count, high * count);
      for (; x < to.width && columns.low[x] === low; x++) {
        const at = largestOf(line, rivals, low * count, high * count, columns.share[x] ?? 0);
        largest[y * to.width + x] = at;
      }
    }
  }
  return largest;
}

/** How many maps may be the largest between two columns, which begin at these places. */
function findRivals({ count, values, found }: Line, left: number, right: number): number {
  let bar = -Infinity;
  for (let map = 0; map < count; map++) {
    const [one, other] = [values[left + map] ?? 0, values[right + map] ?? 0];
    const low = one < other ? one : other;
    if (low > bar) bar = low;
  }
  let rivals = 0;
  for (let map = 0; map < count; map++) {
    if ((values[left + map] ?? 0) >= bar || (values[right + map] ?? 0) >= bar) found[rivals++] = map;
  }
  return rivals;
}

function largestOf({ values, found }: Line, rivals: number, left: number, right: number, share: number): number {
  let best = found[0] ?? 0;
  if (rivals === 1) return best;
  let most = -Infinity;
  for (let rival = 0; rival < rivals; rival++) {
    const map = found[rival] ?? 0;
    const value = (values[left + map] ?? 0) * (1 - share) + (values[right + map] ?? 0) * share;
    if (value <= most) continue;
    most = value;
    best = map;
  }
  return best;
}
