import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/** A PNG of one color. */
export function plainPng(color: string, { width = 16, height = 16 } = {}): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: color } })
    .png()
    .toBuffer();
}

/** A PNG of a few bytes whose header names very many pixels: a decompression bomb. */
export async function bombPng(width: number, height: number): Promise<Buffer> {
  const png = await plainPng('red');
  // The first chunk: eight bytes of signature and four of length, then the type, the sizes, five bytes, the checksum.
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}
