import { extname } from 'node:path';
import type { ModelTask } from '../../planner/index.js';
import { taskDefinition } from '../models/tasks/index.js';

/** Files that hold inputs instead of being one. */
const rowEndings: ReadonlySet<string> = new Set(['.json', '.jsonl', '.ndjson']);

const imageEndings: ReadonlySet<string> = new Set(['.jpg', '.jpeg', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif']);
const audioEndings: ReadonlySet<string> = new Set(['.wav', '.mp3', '.flac', '.ogg', '.oga', '.opus']);

/**
 * What a file is to a task: an input of its own, in the field of this name, or undefined for one that is read. A task
 * that takes nothing but such files takes one by any name, for its content is checked anyway.
 */
export function mediaKind(path: string, task: ModelTask): 'image' | 'audio' | undefined {
  const ending = extname(path).toLowerCase();
  if (rowEndings.has(ending)) return undefined;
  const { media, text } = taskDefinition(task);
  if (media !== undefined && !text) return media;
  if (imageEndings.has(ending)) return 'image';
  return audioEndings.has(ending) ? 'audio' : undefined;
}
