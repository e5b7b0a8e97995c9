import { roundToEven } from '../../numbers.js';
import type { ProcessorConfig, TargetSize } from './config.js';
import { processorDefaults } from './defaults.js';

/** Width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** What the sides of a picture for YOLOS are multiples of. */
const yolosPatch = 16;

/** From here on ConvNeXt takes the whole picture, whatever its proportions. */
const convNextWhole = 384;

/** The size that a picture is brought to, by its processor's rule in transformers 4.57. */
export function resizedSize(picture: Size, config: ProcessorConfig): Size {
  const target = targetOf(config);
  const { height, width, shortest_edge: shortest, longest_edge: longest } = target;
  if (config.name === 'ConvNextImageProcessor' && shortest !== undefined)
    return convNextSize(picture, shortest, config);
  if (shortest !== undefined && longest !== undefined) return withinEdges(picture, shortest, longest, config);
  if (shortest !== undefined) return withShortest(picture, shortest);
  if (target.max_height !== undefined && target.max_width !== undefined) {
    const scale = Math.min(target.max_height / picture.height, target.max_width / picture.width);
    return { width: Math.trunc(picture.width * scale), height: Math.trunc(picture.height * scale) };
  }
  if (height === undefined || width === undefined) {
    throw new Error(`preprocessor_config.json: size ${JSON.stringify(config.size)} has no form that is known`);
  }
  return config.name === 'DPTImageProcessor' ? inMultiples(picture, { width, height }, config) : { width, height };
}

/** A number alone is the side of a square, or the shorter edge where the processor keeps proportions. */
function targetOf({ size, max_size: longest, name }: ProcessorConfig): TargetSize {
  if (typeof size !== 'number') return size;
  const usual: TargetSize = processorDefaults[name].size;
  if (usual.shortest_edge === undefined) return { height: size, width: size };
  const edge = longest ?? usual.longest_edge;
  return { shortest_edge: size, ...(edge !== undefined && { longest_edge: edge }) };
}

/** The side of a picture that is cut out of the middle; undefined where nothing is cut off. */
export function croppedSize(config: ProcessorConfig): Size | undefined {
  if (config.name === 'ConvNextImageProcessor') {
    const side = targetOf(config).shortest_edge;
    return side === undefined || side >= convNextWhole || !config.do_resize ? undefined : { width: side, height: side };
  }
  if (!config.do_center_crop) return undefined;
  const { crop_size: crop } = config;
  if (typeof crop === 'number') return { width: crop, height: crop };
  const { width = crop?.shortest_edge, height = crop?.shortest_edge } = crop ?? {};
  return width === undefined || height === undefined ? undefined : { width, height };
}

function convNextSize(picture: Size, shortest: number, { crop_pct: share = 224 / 256 }: ProcessorConfig): Size {
  if (shortest >= convNextWhole) return { width: shortest, height: shortest };
  return withShortest(picture, Math.trunc(shortest / share));
}

/** `get_resize_output_image_size` of image_transforms.py. */
function withShortest({ width, height }: Size, shortest: number): Size {
  return width <= height
    ? { width: shortest, height: Math.trunc((shortest * height) / width) }
    : { width: Math.trunc((shortest * width) / height), height: shortest };
}

/** The shorter edge as asked for, but the longer one no longer than it may be. */
function withinEdges(picture: Size, shortest: number, longest: number, { name, size_divisor: step }: ProcessorConfig) {
  const isMasks = name === 'MaskFormerImageProcessor' || name === 'Mask2FormerImageProcessor';
  if (isMasks) return upToMultiple(maskFormerSize(picture, shortest, longest), step ?? 0);
  const size = detrSize(picture, shortest, longest);
  return name === 'YolosImageProcessor' ? downToMultiple(size, yolosPatch) : size;
}

/** `get_size_with_aspect_ratio` of image_transforms.py. */
function detrSize({ width, height }: Size, shortest: number, longest: number): Size {
  const [smaller, larger] = [Math.min(width, height), Math.max(width, height)];
  const exact = (larger / smaller) * shortest > longest ? (longest * smaller) / larger : undefined;
  const edge = exact === undefined ? shortest : roundToEven(exact);
  if (smaller === edge) return { width, height };
  const other = Math.trunc(((exact ?? edge) * larger) / smaller);
  return width < height ? { width: edge, height: other } : { width: other, height: edge };
}

function maskFormerSize(picture: Size, shortest: number, longest: number): Size {
  const size = withShortest(picture, shortest);
  const other = Math.max(size.width, size.height);
  if (other <= longest) return size;
  const edge = Math.trunc((longest * shortest) / other);
  return picture.width <= picture.height ? { width: edge, height: longest } : { width: longest, height: edge };
}

/** The rule of DPT: where proportions are kept, as little as possible is changed. */
function inMultiples(
  picture: Size,
  wanted: Size,
  { ensure_multiple_of: step, keep_aspect_ratio: keeps }: ProcessorConfig,
): Size {
  const [across, down] = [wanted.width / picture.width, wanted.height / picture.height];
  const scale = Math.abs(1 - across) < Math.abs(1 - down) ? across : down;
  const side = (length: number): number => roundToEven(length / step) * step;
  return {
    width: side((keeps ? scale : across) * picture.width),
    height: side((keeps ? scale : down) * picture.height),
  };
}

function downToMultiple({ width, height }: Size, step: number): Size {
  return { width: width - (width % step), height: height - (height % step) };
}

function upToMultiple({ width, height }: Size, step: number): Size {
  if (step === 0) return { width, height };
  return { width: Math.ceil(width / step) * step, height: Math.ceil(height / step) * step };
}
