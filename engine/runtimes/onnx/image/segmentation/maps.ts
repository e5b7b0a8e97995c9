import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Size } from '../processor/sizes.js';

/** Numbers for each pixel of a small picture, map by map. */
export interface Maps extends Size {
  count: number;
  data: Float32Array;
}

/** Lines between two looks at whether the job was cancelled. */
const linesAtOnce = 64;

/** Lets the process hear of a cancellation, once in some lines. */
export async function betweenLines(y: number, signal: AbortSignal): Promise<void> {
  if (y % linesAtOnce === linesAtOnce - 1) await nextTurn();
  signal.throwIfAborted();
}

/** A line in the size that is asked for, and where it stands. */
type LineUse = (line: Float32Array, map: number, y: number) => void;

/**
 * Makes maps larger or smaller, between their pixels' middles: `interpolate` of PyTorch, bilinear and with corners that
 * are not aligned. Lines are told one by one, those of all maps together: the maps of a photograph have gigabytes.
 */
export async function eachLine(maps: Maps, to: Size, signal: AbortSignal, use: LineUse): Promise<void> {
  const columns = placesOf(maps.width, to.width);
  const rows = placesOf(maps.height, to.height);
  const between = new Float32Array(maps.width);
  const line = new Float32Array(to.width);
  for (let y = 0; y < to.height; y++) {
    await betweenLines(y, signal);
    for (let map = 0; map < maps.count; map++) {
      mixRows(maps, map, rows, y, between);
      mixColumns(between, columns, line);
      use(line, map, y);
    }
  }
}

/** Between which of the old places each new one lies. */
export interface Places {
  low: Int32Array;
  high: Int32Array;
  /** The part of the higher one. */
  share: Float32Array;
}

/** Where the middles of a line’s new pixels lie among those of the old ones. */
export function placesOf(from: number, to: number): Places {
  const exact = Float64Array.from({ length: to }, (_, at) => Math.max(((at + 0.5) * from) / to - 0.5, 0));
  const low = Int32Array.from(exact, (place) => Math.min(Math.floor(place), from - 1));
  const high = low.map((place) => Math.min(place + 1, from - 1));
  return { low, high, share: Float32Array.from(exact, (place, at) => place - (low[at] ?? 0)) };
}

/** A line between two of one map, in the map’s own width. */
export function mixRows(
  { width, height, data }: Maps,
  map: number,
  rows: Places,
  y: number,
  mixed: Float32Array,
): void {
  const share = rows.share[y] ?? 0;
  const upper = (map * height + (rows.low[y] ?? 0)) * width;
  const lower = (map * height + (rows.high[y] ?? 0)) * width;
  for (let x = 0; x < width; x++) {
    mixed[x] = (data[upper + x] ?? 0) * (1 - share) + (data[lower + x] ?? 0) * share;
  }
}

function mixColumns(mixed: Float32Array, { low, high, share }: Places, line: Float32Array): void {
  for (let x = 0; x < line.length; x++) {
    const right = share[x] ?? 0;
    line[x] = (mixed[low[x] ?? 0] ?? 0) * (1 - right) + (mixed[high[x] ?? 0] ?? 0) * right;
  }
}

/** All of the maps in another size, at once: for small ones. */
export async function resizedMaps(maps: Maps, { width, height }: Size, signal: AbortSignal): Promise<Maps> {
  const data = new Float32Array(maps.count * width * height);
  await eachLine(maps, { width, height }, signal, (line, map, y) => data.set(line, (map * height + y) * width));
  return { count: maps.count, width, height, data };
}
