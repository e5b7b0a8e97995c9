import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError } from '../../../../planner/index.js';
import type { LocalBundle } from '../../../models/contract/model-runtime.js';
import { graphMetadata } from '../graph/metadata.js';

/** A list of letters beside the graphs, one a line: `ppocr_keys_v1.txt`, `en_dict.txt`, `dict.txt`. */
const listName = /(?:keys|dict)[^/]*\.txt$/i;

/**
 * What the classes of a recognition stand for: the blank, the letters that its graph lists (`character`) or a file of
 * the bundle, and the space.
 *
 * @throws ModelJobError `InvalidArgument` for a bundle with no list, or with several
 */
export async function lettersOf({ filesDirectory }: LocalBundle, recognition: string): Promise<string[]> {
  const own = (await graphMetadata(join(filesDirectory, recognition))).get('character');
  const list = own ?? (await readFile(join(filesDirectory, await listOf(filesDirectory)), 'utf8'));
  return ['', ...list.replace(/\r?\n$/, '').split(/\r?\n/), ' '];
}

async function listOf(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const [first, ...others] = names.filter((name) => listName.test(name)).sort();
  if (first !== undefined && others.length === 0) return first;
  const problem =
    first === undefined ? 'no list of letters' : `several lists of letters (${[first, ...others].join(', ')})`;
  throw new ModelJobError('InvalidArgument', `spec.files: the recognition names no letters, and there are ${problem}`);
}
