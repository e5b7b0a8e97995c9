import type { InferenceSession } from 'onnxruntime-node';
import { ModelJobError } from '../../../../planner/index.js';
import { roundToEven } from '../numbers.js';
import { findTexts, type FindOptions } from './find-texts.js';
import type { Point, Quad } from './geometry.js';
import { padRows, resizeLinear, type Raster } from './raster.js';
import { runNetwork } from './run-network.js';
import { straighten } from './straighten.js';
import { readLines, turnUpright, type ReadLine } from './text-lines.js';

/** The networks of PP-OCR. */
export interface TextReader {
  detection: InferenceSession;
  /** Undefined for a model that knows no lines upside down. */
  direction: InferenceSession | undefined;
  recognition: InferenceSession;
  /** What the classes of the recognition mean, the blank first. */
  letters: readonly string[];
}

/** A line with its place. */
export interface PlacedLine extends ReadLine {
  box: Quad;
}

/** Bounds of a picture's sides for the detection, in pixels; those of RapidOCR. */
const sides = { shortest: 30, longest: 2000, detected: 736 };

/** A picture that is as low as this, or as wide for its height, gets rows above and below. */
const low = { height: 30, ratio: 8 };

/** Sides that the detection takes are multiples of this. */
const step = 32;

/** The lines of a picture, from top to bottom. */
export async function readTexts(image: Raster, reader: TextReader, options: FindOptions): Promise<PlacedLine[]> {
  const sized = withinSides(image);
  const rows = rowsAround(sized);
  const padded = rows === 0 ? sized : padRows(sized, rows);
  const quads = await detect(padded, reader.detection, options);
  const crops = quads.map((quad) => straighten(padded, quad));
  const lines = reader.direction ? await turnUpright(crops, reader.direction) : crops;
  const read = await readLines(lines, reader.recognition, reader.letters);
  const original = ([x, y]: Point): Point => [
    between((x * image.width) / sized.width, image.width),
    between(((y - rows) * image.height) / sized.height, image.height),
  ];
  return read.map((line, at) => ({ ...line, box: (quads[at] ?? []).map(original) as unknown as Quad }));
}

async function detect(image: Raster, network: InferenceSession, options: FindOptions): Promise<Quad[]> {
  const shorter = Math.min(image.width, image.height);
  const { width, height, data } = resized(image, Math.max(sides.detected / shorter, 1));
  const area = width * height;
  const pixels = new Float32Array(3 * area);
  for (let color = 0; color < 3; color++) {
    for (let at = 0; at < area; at++) pixels[color * area + at] = (data[at * 3 + 2 - color] ?? 0) / 127.5 - 1;
  }
  const map = await runNetwork(network, pixels, [1, 3, height, width]);
  const [, , mapHeight = 0, mapWidth = 0] = map.dims;
  if (mapHeight === 0 || map.data.length !== mapHeight * mapWidth) {
    throw new ModelJobError('Failed', `the detection gives [${map.dims.join(', ')}], and no map`, { retryable: false });
  }
  return findTexts({ width: mapWidth, height: mapHeight, data: map.data }, image, options);
}

/** A very large picture is made smaller, a very small one larger. */
function withinSides(image: Raster): Raster {
  const { width, height } = image;
  const longer = Math.max(width, height);
  const smaller = longer > sides.longest ? resized(image, sides.longest / longer) : image;
  const shorter = Math.min(smaller.width, smaller.height);
  return shorter < sides.shortest ? resized(smaller, sides.shortest / shorter) : smaller;
}

function resized(image: Raster, ratio: number): Raster {
  const side = (size: number): number => Math.max(roundToEven(Math.trunc(size * ratio) / step), 1) * step;
  return resizeLinear(image, side(image.width), side(image.height));
}

/** Rows on each side that a low or very wide picture lacks. */
function rowsAround({ width, height }: Raster): number {
  if (height > low.height && width / height <= low.ratio) return 0;
  const wanted = Math.max(Math.trunc(width / low.ratio), low.height) * 2;
  return Math.trunc(Math.abs(wanted - height) / 2);
}

function between(place: number, most: number): number {
  return Math.min(Math.max(place, 0), most);
}
