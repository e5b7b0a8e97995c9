import type { Tensor } from '../../engine/runtimes/onnx/library.js';
import type { Pixels } from '../../engine/runtimes/onnx/image/read-image.js';

/** A picture as the scripts of the references write it: bytes in base64. */
export function pictureOf({ width, height, rgb }: { width: number; height: number; rgb: string }): Pixels {
  return { width, height, data: new Uint8ClampedArray(Buffer.from(rgb, 'base64')) };
}

/** Floats in base64. */
export function floatsOf(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** A tensor, likewise. */
export function tensorOf({ dims, floats }: { dims: number[]; floats: string }): Tensor {
  return { type: 'float32', dims, data: floatsOf(floats) };
}

/** How far the furthest numbers of two lists of one length are apart; infinity for two lengths. */
export function furthest(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity;
  return Array.from(wanted, (value, at) => Math.abs(value - found[at]!)).reduce((most, one) => Math.max(most, one), 0);
}
