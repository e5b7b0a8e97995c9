import { z } from 'zod';
import type { TaskDefinition } from './definition.js';
import { filePath, type FileInput } from './media-file.js';
import { scored, score, vector } from './outputs.js';
import { sampleImage } from './sample-files.js';

/** `"path"` or `{"image": "path"}`: JPEG, PNG, WebP, GIF (its first frame), TIFF, AVIF. */
export const imageInput = z.union([filePath, z.object({ image: filePath })]);

export type ImageInput = z.infer<typeof imageInput>;

/** The path of an image input. */
export function imageOf(input: FileInput<'image'>): string {
  return typeof input === 'string' ? input : input.image;
}

/** Pixels from the left and the top, or shares of the image where `percentage` is set. */
const box = z.object({ xmin: z.number(), ymin: z.number(), xmax: z.number(), ymax: z.number() });

/** A mask of one segment: 255 inside and 0 outside, row by row, as PNG in base64. */
const mask = z.object({ width: z.int(), height: z.int(), png: z.base64() });

const image = {
  input: imageInput,
  form: 'the path of an image or an object with `image`',
  media: 'image',
  sample: sampleImage,
} as const;

/** The tasks whose inputs are images. */
export const imageTasks = {
  image_classification: { ...image, output: z.array(scored) },
  object_detection: { ...image, output: z.array(z.object({ label: z.string(), score, box })) },
  image_segmentation: {
    ...image,
    output: z.array(z.object({ label: z.string().nullable(), score: score.nullable(), mask })),
  },
  image_embedding: { ...image, output: vector },
  face_detection: { ...image, output: z.json() },
  face_embedding: { ...image, output: z.json() },
  ocr: { ...image, output: z.json() },
  pose_estimation2d: { ...image, output: z.json() },
} satisfies Record<string, TaskDefinition>;
