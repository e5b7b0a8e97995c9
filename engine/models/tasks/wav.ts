/** Bytes of a sample and of the header. */
const sampleBytes = 2;
const headerBytes = 44;

/**
 * Channels of one length as 16-bit PCM in a RIFF file: http://soundfile.sapp.org/doc/WaveFormat/
 *
 * @param channels samples from -1 to 1; what is louder is cut off
 * @param rate samples a second
 */
export function encodeWav(channels: readonly Float32Array[], rate: number): Buffer {
  const frameBytes = channels.length * sampleBytes;
  const dataBytes = (channels[0]?.length ?? 0) * frameBytes;
  const file = Buffer.alloc(headerBytes + dataBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(headerBytes - 8 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  // Sixteen bytes of format: PCM, channels, rate, bytes a second, bytes a frame and bits a sample.
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * frameBytes, 28);
  file.writeUInt16LE(frameBytes, 32);
  file.writeUInt16LE(8 * sampleBytes, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(dataBytes, 40);
  channels.forEach((samples, channel) => {
    const start = headerBytes + channel * sampleBytes;
    samples.forEach((sample, at) =>
      file.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), start + at * frameBytes),
    );
  });
  return file;
}
