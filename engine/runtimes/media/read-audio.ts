import { createReadStream } from 'node:fs';
import decode from 'audio-decode';
import { ModelJobError } from '../../../planner/index.js';
import { audioFormatOf } from '../../models/tasks/audio-file.js';
import { inputLimits } from '../../models/tasks/limits.js';
import { resample } from './resample.js';

/** Bytes that are decoded at once: a few of them can be very many samples of silence. */
const chunkBytes = 8 * 1024;

/** A recording as it is in its file. */
export interface Recording {
  /** The samples of each channel, from -1 to 1. */
  channels: Float32Array[];
  /** Samples a second. */
  rate: number;
}

/**
 * Decodes a recording to one channel, the mean of those that it has.
 *
 * @param rate samples a second that the model takes
 * @param maxSamples of one channel, as the file has them
 * @throws ModelJobError `InvalidArgument` for a file that can't be decoded, `ResourceLimit` for a very long recording
 */
export async function readAudio(path: string, rate: number, maxSamples?: number): Promise<Float32Array> {
  const { channels, rate: from } = await decodeAudio(path, { mix: meanOfChannels, maxSamples });
  return resample(channels[0] ?? new Float32Array(), from, rate);
}

/**
 * Decodes a recording as it is.
 *
 * @throws ModelJobError as {@link readAudio}
 */
export function readRecording(path: string): Promise<Recording> {
  return decodeAudio(path, { mix: (channels) => channels.map((samples) => samples.slice()) });
}

interface DecodeOptions {
  /** What is kept of each piece, with memory of its own: the decoder takes its own back. */
  mix: (channels: readonly Float32Array[]) => Float32Array[];
  maxSamples?: number | undefined;
}

async function decodeAudio(
  path: string,
  { mix, maxSamples = inputLimits.audioSamples }: DecodeOptions,
): Promise<Recording> {
  const format = await audioFormatOf(path);
  if (format === undefined) throw undecodable(path, 'it is not WAV, MP3, FLAC or Ogg');
  const parts: Float32Array[][] = [];
  let length = 0;
  let rate = 0;
  try {
    for await (const part of decode(createReadStream(path, { highWaterMark: chunkBytes }), format)) {
      const mixed = mix(part.channelData);
      parts.push(mixed);
      rate = part.sampleRate;
      length += mixed[0]?.length ?? 0;
      if (length > maxSamples) throw tooLong(path, maxSamples);
    }
  } catch (error) {
    if (error instanceof ModelJobError) throw error;
    throw undecodable(path, error instanceof Error ? error.message : String(error), error);
  }
  if (length === 0) throw undecodable(path, 'it has no samples');
  const channels = (parts[0] ?? []).map((_, channel) =>
    joined(
      parts.map((part) => part[channel] ?? new Float32Array()),
      length,
    ),
  );
  return { channels, rate };
}

function meanOfChannels(channels: readonly Float32Array[]): Float32Array[] {
  const [first = new Float32Array(), ...others] = channels;
  if (others.length === 0) return [first.slice()];
  return [first.map((sample, at) => others.reduce((sum, other) => sum + (other[at] ?? 0), sample) / channels.length)];
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
