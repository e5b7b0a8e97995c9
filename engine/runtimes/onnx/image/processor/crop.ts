import type { Rgb } from '../../../media/pillow-resize.js';
import type { Size } from './sizes.js';

/** The middle of a picture, beside black where it is smaller: `center_crop` of transformers. */
export function centerCrop(picture: Rgb, { width, height }: Size): Rgb {
  if (picture.width === width && picture.height === height) return picture;
  const left = offset(picture.width, width);
  const top = offset(picture.height, height);
  const data = new Uint8ClampedArray(width * height * 3);
  const [from, to] = [Math.max(left, 0), Math.min(left + width, picture.width)];
  for (let y = Math.max(-top, 0); y < Math.min(height, picture.height - top); y++) {
    const line = (y + top) * picture.width;
    data.set(picture.data.subarray((line + from) * 3, (line + to) * 3), (y * width + from - left) * 3);
  }
  return { width, height, data };
}

/** Where the middle begins in the picture; below zero where it goes beyond. */
function offset(length: number, cropped: number): number {
  return length >= cropped ? Math.floor((length - cropped) / 2) : -Math.ceil((cropped - length) / 2);
}
