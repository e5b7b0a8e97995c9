import { z } from 'zod';
import { inlineSample, type TaskDefinition } from './definition.js';
import { filePath } from './media-file.js';
import { vector } from './outputs.js';
import { text } from './text.js';

/** `"text"`, `{"text": "…"}`, `{"image": "path"}`, or both in one object. */
export const multimodalInput = z.union([
  text,
  z
    .object({ text: text.optional(), image: filePath.optional() })
    .refine((input) => input.text !== undefined || input.image !== undefined, { error: 'expected `text` or `image`' }),
]);

export type MultimodalInput = z.infer<typeof multimodalInput>;

/** The tasks whose inputs are texts, images or both. */
export const multimodalTasks = {
  multimodal_embedding: {
    input: multimodalInput,
    form: 'a string or an object with `text`, `image` or both',
    output: vector,
    media: 'image',
    text: true,
    sample: inlineSample({ text: 'A sample sentence.' }),
  },
} satisfies Record<string, TaskDefinition>;
