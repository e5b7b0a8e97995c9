import { createReadStream } from 'node:fs';
import decode from 'audio-decode';
import { ModelJobError } from '../../../../planner/index.js';
import { audioFormatOf, type AudioFormat } from '../../../models/tasks/audio-file.js';
import { inputLimits } from '../../../models/tasks/limits.js';
import { resample } from './resample.js';

/** Bytes that are decoded at once: a few of them can be very many samples of silence. */
const chunkBytes = 8 * 1024;

/**
 * Decodes a recording to one channel, the mean of those that it has.
 *
 * @param rate samples a second that the model takes
 * @param maxSamples of one channel, as the file has them
 * @throws ModelJobError `InvalidArgument` for a file that can't be decoded, `ResourceLimit` for a very long recording
 */
export async function readAudio(
  path: string,
  rate: number,
  maxSamples: number = inputLimits.audioSamples,
): Promise<Float32Array> {
  const format = await audioFormatOf(path);
  if (format === undefined) throw undecodable(path, 'it is not WAV, MP3, FLAC or Ogg');
  const { samples, sampleRate } = await decodeMono(path, format, maxSamples);
  if (samples.length === 0) throw undecodable(path, 'it has no samples');
  return resample(samples, sampleRate, rate);
}

async function decodeMono(path: string, format: AudioFormat, maxSamples: number) {
  const parts: Float32Array[] = [];
  let length = 0;
  let sampleRate = 0;
  try {
    for await (const part of decode(createReadStream(path, { highWaterMark: chunkBytes }), format)) {
      const mono = meanOfChannels(part.channelData);
      parts.push(mono);
      ({ sampleRate } = part);
      length += mono.length;
      if (length > maxSamples) throw tooLong(path, maxSamples);
    }
  } catch (error) {
    if (error instanceof ModelJobError) throw error;
    throw undecodable(path, error instanceof Error ? error.message : String(error), error);
  }
  return { samples: joined(parts, length), sampleRate };
}

function meanOfChannels(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = channels;
  if (others.length === 0) return first.slice();
  return first.map((sample, at) => others.reduce((sum, other) => sum + (other[at] ?? 0), sample) / channels.length);
}

function joined(parts: readonly Float32Array[], length: number): Float32Array {
  const whole = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function undecodable(path: string, reason: string, cause?: unknown): ModelJobError {
  return new ModelJobError('InvalidArgument', `the recording \`${path}\` can't be decoded: ${reason}`, { cause });
}

function tooLong(path: string, maxSamples: number): ModelJobError {
  return new ModelJobError(
    'ResourceLimit',
    `the recording \`${path}\` has more samples than one may have (${maxSamples}): cut it into parts`,
  );
}
