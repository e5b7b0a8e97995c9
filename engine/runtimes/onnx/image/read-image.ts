import { ModelJobError } from '../../../../planner/index.js';
import { inputLimits } from '../../../models/tasks/limits.js';
import { loadLibrary } from '../library.js';

/** An image as the library has them: red, green and blue of each pixel, row by row. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export interface ReadOptions {
  /** A larger picture is made smaller, with its proportions kept. */
  maxPixels?: number;
  /** The color behind what is transparent. Default: that which it has itself, without its transparency. */
  behind?: string;
}

/**
 * Decodes an image file: the first frame, turned as its camera was held, without transparency.
 *
 * @throws ModelJobError `InvalidArgument` for a file that can't be decoded
 */
export async function readImage(path: string, { maxPixels = Infinity, behind }: ReadOptions = {}): Promise<Pixels> {
  const [{ RawImage }, { default: sharp }] = await Promise.all([loadLibrary(), import('sharp')]);
  try {
    const image = sharp(path, { limitInputPixels: inputLimits.imagePixels }).autoOrient();
    const { autoOrient: size } = await image.metadata();
    const scale = Math.sqrt(maxPixels / (size.width * size.height));
    if (scale < 1) image.resize(Math.max(Math.floor(size.width * scale), 1));
    if (behind !== undefined) image.flatten({ background: behind });
    const rgb = image.toColourspace('srgb').removeAlpha().raw();
    const { data, info } = await rgb.toBuffer({ resolveWithObject: true });
    return new RawImage(new Uint8ClampedArray(data), info.width, info.height, 3) as Pixels;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelJobError('InvalidArgument', `the image \`${path}\` can't be decoded: ${reason}`, { cause: error });
  }
}
