import { z } from 'zod';
import { once } from '../shared/once.js';

/** The crate's task names (`ModelTask`, serde snake case). */
export const taskNames = [
  'object_detection',
  'pose_estimation2d',
  'pose_lifting3d',
  'image_classification',
  'image_segmentation',
  'image_embedding',
  'face_detection',
  'face_embedding',
  'ocr',
  'audio_classification',
  'audio_event_detection',
  'audio_embedding',
  'speech_recognition',
  'speaker_diarization',
  'source_separation',
  'audio_generation',
  'speaker_conditioned_tts',
  'text_classification',
  'token_classification',
  'zero_shot_classification',
  'text_embedding',
  'summarization',
  'reranking',
  'question_answering',
  'multimodal_embedding',
] as const;

/** The crate's backend names (`ModelRuntimeBackend`). */
export const backendNames = [
  'cpu',
  'onnx',
  'candle',
  'cuda_oxide',
  'whisper_cpp',
  'demucs',
  'open_cv',
  'comfy_ui',
  'external',
  'heuristic',
  'imported',
] as const;

const custom = z.strictObject({ custom: z.string() });

/** What a model does: one of the crate's names, or `{"custom": "…"}`. */
export const modelTaskSchema = once(() => z.union([z.enum(taskNames), custom]));

/** What runs a model: one of the crate's names, or `{"custom": "…"}`. */
export const backendSchema = once(() => z.union([z.enum(backendNames), custom]));

/** A file's path: no control characters, which no file system or terminal takes well, and no half of a surrogate pair. */
const filePath = (): z.ZodString =>
  z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'a file name must hold no control characters' });

/** One requested file: must come, may be missing, or the first that the source has. Paths are relative. */
export const fileRequestSchema = once(() =>
  z.union([
    z.strictObject({ required: filePath() }),
    z.strictObject({ optional: filePath() }),
    z.strictObject({ first_available: z.array(filePath()) }),
  ]),
);

/** Where a model comes from. */
export const modelSourceSchema = once(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('hugging_face'), repo_id: z.string(), revision: z.string() }),
    z.object({ kind: z.literal('local_path'), path: z.string() }),
    z.object({ kind: z.literal('external_command'), command: z.string() }),
    z.object({ kind: z.literal('comfy_ui_inventory'), root: z.string() }),
  ]),
);

/** A model: name, task, source, requested files. `repo_id` and `revision` are the crate's deprecated twins. */
export const modelSpecSchema = once(() =>
  z.object({
    name: z.string(),
    task: modelTaskSchema(),
    source: modelSourceSchema(),
    files: z.array(fileRequestSchema()),
    metadata: z.record(z.string(), z.string()).default({}),
    repo_id: z.string().default(''),
    revision: z.string().default(''),
  }),
);

export type ModelTask = z.infer<ReturnType<typeof modelTaskSchema>>;
export type ModelBackend = z.infer<ReturnType<typeof backendSchema>>;
export type FileRequest = z.infer<ReturnType<typeof fileRequestSchema>>;
export type ModelSource = z.infer<ReturnType<typeof modelSourceSchema>>;
export type ModelSpec = z.infer<ReturnType<typeof modelSpecSchema>>;
