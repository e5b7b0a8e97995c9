import { ModelJobError } from '../../../../planner/index.js';
import { inputLimits } from '../../../models/tasks/limits.js';

/** An image: red, green and blue of each pixel, row by row. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export interface ReadOptions {
  /** The color behind what is transparent. Default: that which it has itself, without its transparency. */
  behind?: string;
}

/**
 * Decodes an image file as transformers' pipelines do, by Pillow's rules: the first frame, turned as its camera was held,
 * without transparency, its numbers as they are, whatever a profile says of their colors.
 *
 * @throws ModelJobError `InvalidArgument` for a file that can't be decoded
 */
export async function readImage(path: string, { behind }: ReadOptions = {}): Promise<Pixels> {
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(path, { limitInputPixels: inputLimits.imagePixels, ignoreIcc: true }).autoOrient();
    const { space } = await image.metadata();
    if (space === 'cmyk') image.pipelineColourspace('cmyk').toColourspace('cmyk');
    else {
      if (behind !== undefined) image.flatten({ background: behind });
      image.toColourspace('srgb').removeAlpha();
    }
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return { width, height, data: space === 'cmyk' ? withoutInks(data) : new Uint8ClampedArray(data) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelJobError('InvalidArgument', `the image \`${path}\` can't be decoded: ${reason}`, { cause: error });
  }
}

/** Cyan, magenta, yellow and black as red, green and blue: `cmyk2rgb` of Pillow's Convert.c. */
function withoutInks(inks: Uint8Array): Uint8ClampedArray {
  const colors = new Uint8ClampedArray((inks.length / 4) * 3);
  for (let at = 0; at < colors.length; at++) {
    const pixel = Math.floor(at / 3) * 4;
    const light = 255 - (inks[pixel + 3] ?? 0);
    const product = (inks[pixel + (at % 3)] ?? 0) * light + 128;
    colors[at] = light - (((product >> 8) + product) >> 8);
  }
  return colors;
}
