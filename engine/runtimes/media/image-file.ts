import { ModelJobError } from '../../../planner/index.js';
import { inputLimits } from '../../models/tasks/limits.js';

/** The format of an image by its content, by sharp's name; undefined for a file that is none. AVIF is `heif`. */
export async function imageFormatOf(path: string): Promise<string | undefined> {
  const { default: sharp } = await import('sharp');
  return sharp(path, { limitInputPixels: false })
    .metadata()
    .then(
      ({ format }) => format,
      () => undefined,
    );
}

/**
 * Writes an image as PNG: its first frame, turned as its camera was held.
 *
 * @throws ModelJobError `InvalidArgument` for a file that can't be decoded
 */
export async function writePng(path: string, to: string): Promise<void> {
  const { default: sharp } = await import('sharp');
  try {
    await sharp(path, { limitInputPixels: inputLimits.imagePixels }).autoOrient().png().toFile(to);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelJobError('InvalidArgument', `the image \`${path}\` can't be decoded: ${reason}`, { cause: error });
  }
}
