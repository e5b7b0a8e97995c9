import { filterNames, type Filter } from '../../../media/pillow-filters.js';
import { pillowResize, type Rgb } from '../../../media/pillow-resize.js';
import type { Library, Tensors } from '../../library.js';
import type { ModelSource } from '../../model-source.js';
import type { Pixels } from '../read-image.js';
import { processorConfigOf, type ProcessorConfig } from './config.js';
import { centerCrop } from './crop.js';
import type { ProcessorName } from './defaults.js';
import { pixelFloats } from './pixel-floats.js';
import { placeOf } from './place.js';
import { croppedSize, resizedSize, type Size } from './sizes.js';

/** Makes pictures to a network's inputs. */
export interface ImageProcessor {
  /** Its class in transformers; undefined for one whose rules the library alone knows. */
  name: ProcessorName | undefined;
  inputsOf(picture: Pixels): Promise<Tensors>;
}

/** Sides of DETR's mask: graphs take it in this size, and bring it to that of their features themselves. */
const maskSide = 64;

/**
 * The processor of a bundle: by transformers' rules with Pillow's resizing, so that a network sees what it would see
 * in Python. One of a class that is not known here is the library's, with Pillow's resizing too.
 */
export async function loadImageProcessor(source: ModelSource): Promise<ImageProcessor> {
  const config = await processorConfigOf(source.bundle.filesDirectory);
  if (!config) return libraryProcessor(source);
  return { name: config.name, inputsOf: (picture) => Promise.resolve(inputsBy(config, picture, source.library)) };
}

function inputsBy(config: ProcessorConfig, picture: Pixels, { Tensor }: Library): Tensors {
  const resized = config.do_resize ? resizedBy(config, picture) : picture;
  const cropped = croppedSize(config);
  const seen = cropped ? centerCrop(resized, cropped) : resized;
  const place = placeOf(seen, config);
  const pixels = new Tensor('float32', pixelFloats(seen, config, place), [1, 3, place.height, place.width]);
  const mask = new Tensor('int64', maskOf(seen, place), [1, maskSide, maskSide]);
  return { pixel_values: pixels, pixel_mask: mask };
}

function resizedBy(config: ProcessorConfig, picture: Rgb): Rgb {
  const { width, height } = resizedSize(picture, config);
  return pillowResize(picture, Math.max(width, 1), Math.max(height, 1), filterNames[config.resample] ?? 'bilinear');
}

/** Ones where there is picture. */
function maskOf(seen: Size, place: Size): BigInt64Array {
  return BigInt64Array.from({ length: maskSide * maskSide }, (_, at) => {
    const [x, y] = [at % maskSide, Math.floor(at / maskSide)];
    return x * place.width < seen.width * maskSide && y * place.height < seen.height * maskSide ? 1n : 0n;
  });
}

async function libraryProcessor(source: ModelSource): Promise<ImageProcessor> {
  const processor = await source.processor();
  const { RawImage } = source.library;

  class Picture extends RawImage {
    override resize(width: number, height: number, { resample = 2 }: { resample?: string | number } = {}): never {
      const filter = typeof resample === 'number' ? filterNames[resample] : (resample as Filter);
      const resized = pillowResize(this, width, height, filter ?? 'bilinear');
      return Promise.resolve(new Picture(resized.data, resized.width, resized.height, 3)) as never;
    }
  }
  return {
    name: undefined,
    inputsOf: ({ data, width, height }) => processor(new Picture(data, width, height, 3)),
  };
}
