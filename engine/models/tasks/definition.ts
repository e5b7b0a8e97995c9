import type { z } from 'zod';
import type { JsonValue } from '../../../planner/index.js';

/** The kinds of file that an input may name, by the field that names them. */
export type MediaField = 'image' | 'audio';

/** What goes into a task and what comes out of it, whatever runs it. */
export interface TaskDefinition {
  /** One input, as a caller writes it. */
  input: z.ZodType;
  /** The same in words, for messages: `expected …`. */
  form: string;
  /** One output, as it stands in a job's result. */
  output: z.ZodType;
  /** The file that an input names, in the field of that name or, unless `text` is set, as a bare string. */
  media?: MediaField;
  /** Whether a bare string is a text, although the task knows files. */
  text?: boolean;
  /** A small input that any model of the task can take. Files that it needs are made in `folder`, which exists. */
  sample: (folder: string) => Promise<JsonValue>;
}

/** A sample that needs no file. */
export function inlineSample(value: JsonValue): TaskDefinition['sample'] {
  return () => Promise.resolve(value);
}
