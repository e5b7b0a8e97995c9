import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Pixels on each side; models scale their images anyway. */
const side = 64;

/** Samples a second, and their number: one second, which is longer than the window of any model. */
const sampleRate = 16_000;

/** A picture with a gradient, so that not all of it is one value. */
export async function sampleImage(folder: string): Promise<{ image: string }> {
  const { default: sharp } = await import('sharp');
  const path = join(folder, 'sample.png');
  const pixels = Uint8Array.from({ length: side * side * 3 }, (_, index) => (index * 7) % 256);
  await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toFile(path);
  return { image: path };
}

/** A second of the tone A, as 16-bit WAV. */
export async function sampleAudio(folder: string): Promise<{ audio: string }> {
  const path = join(folder, 'sample.wav');
  const samples = Float32Array.from({ length: sampleRate }, (_, at) => Math.sin((2 * Math.PI * 440 * at) / sampleRate));
  await writeFile(path, encodeWav(samples, sampleRate));
  return { audio: path };
}

/** One channel as 16-bit PCM in a RIFF file: http://soundfile.sapp.org/doc/WaveFormat/ */
export function encodeWav(samples: Float32Array, rate: number): Buffer {
  const dataBytes = samples.length * 2;
  const file = Buffer.alloc(44 + dataBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  // Sixteen bytes of format: PCM, one channel, rate, bytes a second, bytes and bits a sample.
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(dataBytes, 40);
  samples.forEach((sample, at) =>
    file.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + at * 2),
  );
  return file;
}
