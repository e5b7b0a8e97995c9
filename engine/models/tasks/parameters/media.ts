import { z } from 'zod';
import { generation } from './generation.js';
import { windows } from './text.js';

const share = z.number().min(0).max(1);

const topFive = z.int().min(1).nullable().default(5).describe('how many labels; `null`: all');

const milliseconds = z.number().min(0);

/** What becomes of a recording that is longer than the model hears. */
const hearing = {
  truncation: z
    .enum(['cut', 'refuse', 'windows'])
    .default('cut')
    .describe(
      'what becomes of a recording that is longer than the model hears: it is cut, an error, or run as windows',
    ),
};

const normalize = z.boolean().default(true).describe('whether vectors have the length 1');

/** The parameters of each task of images, recordings, or texts and images. */
export const mediaParameters = {
  image_classification: { top_k: topFive },
  object_detection: {
    threshold: share.default(0.9).describe('the least probability of a thing'),
    percentage: z.boolean().default(false).describe('whether boxes are shares of the image instead of pixels'),
  },
  image_segmentation: {
    threshold: share.default(0.5).describe('the least probability of a segment'),
    mask_threshold: share.default(0.5).describe('the least probability of a pixel'),
    overlap_mask_area_threshold: share.default(0.8).describe('the least share of a mask that is seen'),
    label_ids_to_fuse: z.array(z.int()).optional().describe('labels whose segments are one'),
    subtask: z.enum(['panoptic', 'instance', 'semantic']).optional().describe('default: what the model can'),
  },
  image_embedding: {
    pooling: z.enum(['cls', 'mean', 'pooler']).default('cls').describe('of a model that gives vectors of patches'),
    normalize,
  },
  audio_classification: { top_k: topFive, ...hearing },
  audio_embedding: { normalize, ...hearing },
  speech_recognition: {
    language: z.string().optional().describe('what is spoken; default: the model hears it'),
    task: z.enum(['transcribe', 'translate']).optional().describe('what Whisper does; default: transcribe'),
    return_timestamps: z
      .union([z.boolean(), z.literal('word')])
      .optional()
      .describe('whether `chunks` are told'),
    chunk_length_s: z.number().gt(0).max(30).optional().describe('seconds of a window; default: 30 for Whisper'),
    stride_length_s: z.number().min(0).optional().describe('seconds that two windows share; default: a sixth of one'),
    force_full_sequences: z.boolean().optional().describe('whether windows are joined only at whole sentences'),
    ...generation,
  },
  multimodal_embedding: { normalize, ...windows },
  face_detection: { threshold: share.default(0.5).describe('a face is likelier than this') },
  ocr: {
    text_score: share.default(0.5).describe('the least score of a line'),
    box_thresh: share.default(0.5).describe('how likely the place of a line must be one of text'),
    unclip_ratio: z.number().min(0).max(10).default(1.6).describe('by how much the place of a line is widened'),
  },
  audio_event_detection: {
    threshold: share.default(0.5).describe('from here on it is speech'),
    neg_threshold: share.optional().describe('below this it is silence; default: 0.15 below `threshold`'),
    min_speech_duration_ms: milliseconds.default(250).describe('a shorter stretch is none'),
    max_speech_duration_s: z.number().min(1).optional().describe('a longer stretch is cut, at a silence if it can be'),
    min_silence_duration_ms: milliseconds.default(100).describe('a shorter silence ends nothing'),
    speech_pad_ms: milliseconds.default(30).describe('what is added to each side'),
  },
} satisfies Record<string, z.ZodRawShape>;
