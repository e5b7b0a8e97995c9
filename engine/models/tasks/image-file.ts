import { ModelJobError } from '../../../planner/index.js';
import { inputLimits } from './limits.js';

/** What sharp reads and is a picture made of pixels; an SVG or a PDF is a program that draws one. */
const formats: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']);

/**
 * Reads an image's header: nothing is decoded.
 *
 * @throws ModelJobError `ResourceLimit` for a file or a picture that is too large, `InvalidArgument` for another kind
 */
export async function checkImageFile(path: string, size: number, field: string): Promise<void> {
  if (size > inputLimits.imageBytes) {
    throw new ModelJobError(
      'ResourceLimit',
      `${field}: \`${path}\` has ${size} bytes, more than an image may have (${inputLimits.imageBytes})`,
    );
  }
  const { format, width, height } = await headerOf(path, field);
  if (!formats.has(format)) {
    throw new ModelJobError('InvalidArgument', `${field}: \`${path}\` is ${format}, not an image of pixels`);
  }
  if (width * height > inputLimits.imagePixels) {
    throw new ModelJobError(
      'ResourceLimit',
      `${field}: \`${path}\` has ${width} × ${height} pixels, more than an image may have ` +
        `(${inputLimits.imagePixels}): a decompression bomb`,
    );
  }
}

async function headerOf(path: string, field: string) {
  try {
    // Loaded with the first image: a worker without any needs no image library.
    const { default: sharp } = await import('sharp');
    // The limit of pixels is ours, with our message.
    return await sharp(path, { limitInputPixels: false }).metadata();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelJobError('InvalidArgument', `${field}: \`${path}\` is not an image: ${reason}`, { cause: error });
  }
}
