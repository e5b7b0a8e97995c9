import { z } from 'zod';
import { once } from '../shared/once.js';
import type { FileSelection } from '../request/file-selection.js';
import { matchesPattern } from '../request/file-pattern.js';

const indexSchema = once(() => z.object({ weight_map: z.record(z.string(), z.string()) }));

/**
 * The shards that an index of large weights names, as `transformers` writes it (`weight_map`: file by tensor), by their
 * paths in the model; without those that the selection excludes.
 *
 * @param text of the index; one of another kind names none
 */
export function shardsOf(index: string, text: string, { exclude = [] }: FileSelection): string[] {
  const folder = index.slice(0, index.lastIndexOf('/') + 1);
  const shards = new Set(namesIn(text).map((name) => `${folder}${name}`));
  return [...shards].filter((path) => !exclude.some((pattern) => matchesPattern(path, pattern))).sort();
}

function namesIn(text: string): string[] {
  try {
    return Object.values(indexSchema().parse(JSON.parse(text)).weight_map);
  } catch {
    return [];
  }
}
