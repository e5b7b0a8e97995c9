import { join } from 'node:path';
import { writeFileAtomic } from '../../../system/files/atomic-write.js';
import { encodeWav } from './wav.js';

/** Pixels on each side; models scale their images anyway. */
const side = 64;

/** Samples a second, and their number: one second, which is longer than the window of any model. */
const sampleRate = 16_000;

/** A picture with a gradient, so that not all of it is one value. */
export async function sampleImage(folder: string): Promise<{ image: string }> {
  const { default: sharp } = await import('sharp');
  const path = join(folder, 'sample.png');
  const pixels = Uint8Array.from({ length: side * side * 3 }, (_, index) => (index * 7) % 256);
  const raw = { width: side, height: side, channels: 3 } as const;
  await writeFileAtomic(path, await sharp(pixels, { raw }).png().toBuffer(), { flush: false });
  return { image: path };
}

/** A second of the tone A, as 16-bit WAV. */
export async function sampleAudio(folder: string): Promise<{ audio: string }> {
  const path = join(folder, 'sample.wav');
  const samples = Float32Array.from({ length: sampleRate }, (_, at) => Math.sin((2 * Math.PI * 440 * at) / sampleRate));
  await writeFileAtomic(path, encodeWav([samples], sampleRate), { flush: false });
  return { audio: path };
}
