import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModelJobError } from '../../../../planner/index.js';
import type { RunOptions } from '../../../models/contract/model-runtime.js';
import { readAudio } from '../../media/read-audio.js';
import type { Tensors } from '../library.js';
import type { Extractor } from './extractor/load-extractor.js';

/** What becomes of a recording that is longer than a network hears. */
export type Hearing = 'cut' | 'refuse' | 'windows';

/** What a network hears of a recording: one part, or several windows, one behind the other. */
export interface Heard {
  parts: Float32Array[];
  /** Seconds of the recording, and those that are heard, where it was cut. */
  truncated?: { seconds: number; kept: number };
}

/**
 * Reads a recording for a network.
 *
 * @throws ModelJobError as {@link readAudio}; `InvalidArgument` for one that is too long, where that is to be refused
 */
export async function hear(path: string, extractor: Extractor, truncation: Hearing): Promise<Heard> {
  const { rate, longest } = extractor;
  const samples = await readAudio(path, rate);
  if (samples.length <= longest) return { parts: [samples] };
  if (truncation === 'windows') {
    const count = Math.ceil(samples.length / longest);
    // The last one is whole too, and shares what it must with the one before.
    const starts = Array.from({ length: count }, (_, at) => Math.min(at * longest, samples.length - longest));
    return { parts: starts.map((start) => samples.slice(start, start + longest)) };
  }
  const [seconds, kept] = [samples.length / rate, longest / rate];
  if (truncation === 'refuse') throw tooLong(seconds, kept);
  return { parts: [samples.slice(0, longest)], truncated: { seconds, kept } };
}

/** Runs a network on each part. */
export async function runParts<T>(
  { parts }: Heard,
  { inputsOf }: Extractor,
  { signal }: RunOptions,
  run: (inputs: Tensors) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (const part of parts) {
    // A call blocks this process: only between two of them it can hear that its job was cancelled.
    if (results.length > 0) await nextTurn();
    signal.throwIfAborted();
    results.push(await run(await inputsOf(part)));
  }
  return results;
}

/** Tells of an input that a part of it only was heard. */
export function tellOf({ truncated }: Heard, input: number, { annotate }: RunOptions): void {
  if (truncated) annotate?.(input, { truncated });
}

function tooLong(seconds: number, kept: number): ModelJobError {
  const path = 'options.parameters.truncation';
  const message = `the recording has ${seconds.toFixed(2)} seconds, more than the model hears (${kept.toFixed(2)})`;
  return new ModelJobError('InvalidArgument', `${path}: ${message}`, { problems: [{ path, message }] });
}
