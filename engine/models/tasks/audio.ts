import { z } from 'zod';
import type { TaskDefinition } from './definition.js';
import { filePath, type FileInput } from './media-file.js';
import { scored, vector } from './outputs.js';
import { sampleAudio } from './sample-files.js';

/** `"path"` or `{"audio": "path"}`: WAV, MP3, FLAC, Ogg (Vorbis, Opus). */
export const audioInput = z.union([filePath, z.object({ audio: filePath })]);

export type AudioInput = z.infer<typeof audioInput>;

/** The path of an audio input. */
export function audioOf(input: FileInput<'audio'>): string {
  return typeof input === 'string' ? input : input.audio;
}

const audio = {
  input: audioInput,
  form: 'the path of a recording or an object with `audio`',
  media: 'audio',
  sample: sampleAudio,
} as const;

/** Seconds from the start. */
const chunk = z.object({ timestamp: z.tuple([z.number(), z.number().nullable()]), text: z.string() });

/** The tasks whose inputs are recordings. */
export const audioTasks = {
  audio_classification: { ...audio, output: z.array(scored) },
  audio_embedding: { ...audio, output: vector },
  speech_recognition: { ...audio, output: z.looseObject({ text: z.string(), chunks: z.array(chunk).optional() }) },
  audio_event_detection: { ...audio, output: z.json() },
  speaker_diarization: { ...audio, output: z.json() },
  source_separation: { ...audio, output: z.json() },
} satisfies Record<string, TaskDefinition>;
