import { mkdir, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { audioFormatOf } from '../../models/tasks/audio-file.js';
import { encodeWav } from '../../models/tasks/wav.js';
import { imageFormatOf, writePng } from '../media/image-file.js';
import { readAudio, readRecording } from '../media/read-audio.js';
import { wavFormatOf } from '../media/wav-format.js';
import type { InputForm } from '../../commands/template/input-form.js';

/**
 * A file in the form that a program takes: itself where it has that form, or one that nobody here can read; else a copy
 * of the same name in `folder`.
 *
 * @throws ModelJobError `InvalidArgument` for a file that can't be decoded, `ResourceLimit` for a very long recording
 */
export function inForm(path: string, form: InputForm, folder: string): Promise<string> {
  return form.type === 'wav' ? asWav(path, form, folder) : asPng(path, form, folder);
}

async function asWav(path: string, { rate, takes = [] }: InputForm, folder: string): Promise<string> {
  const format = await audioFormatOf(path);
  if (format === undefined || takes.includes(format)) return path;
  if (format === 'wav' && (rate === undefined || (await hasRate(path, rate)))) return path;
  const recording = rate === undefined ? await readRecording(path) : { channels: [await readAudio(path, rate)], rate };
  const copy = await copyIn(folder, path, 'wav');
  await writeFile(copy, encodeWav(recording.channels, recording.rate));
  return copy;
}

/** Whether a program that takes 16 bits at this rate takes a WAV file; its two channels may be two speakers. */
async function hasRate(path: string, wanted: number): Promise<boolean> {
  const { pcm, rate, channels, bits } = await wavFormatOf(path);
  return pcm && rate === wanted && bits === 16 && channels <= 2;
}

async function asPng(path: string, { takes = [] }: InputForm, folder: string): Promise<string> {
  const format = await imageFormatOf(path);
  if (format === undefined || format === 'png' || takes.includes(format)) return path;
  const copy = await copyIn(folder, path, 'png');
  await writePng(path, copy);
  return copy;
}

/** A program may name what it makes after its input. */
async function copyIn(folder: string, path: string, ending: string): Promise<string> {
  const converted = join(folder, 'converted');
  await mkdir(converted, { recursive: true });
  return join(converted, `${parse(path).name}.${ending}`);
}
