import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError, type ModelAccessJobRequest } from '../../planner/index.js';
import { inputFile } from '../inference/input-file.js';
import { writeFileAtomic } from '../job-files.js';
import type { PathGuard } from '../paths.js';

/**
 * The JSON Lines files of a batch, in the order of the request's inputs: files, folders of `.jsonl` and `.ndjson` files
 * by name, artifacts. Inline values are written to a file first, so that a row is always a line.
 *
 * @throws ModelJobError that names the input by its index
 */
export async function dataSetFiles(
  request: ModelAccessJobRequest,
  folder: string,
  paths: PathGuard,
): Promise<string[]> {
  const files: string[] = [];
  let inline: string[] = [];
  const spool = async (): Promise<void> => {
    if (inline.length === 0) return;
    const path = join(folder, `inline-${files.length}.jsonl`);
    await writeFileAtomic(path, `${inline.join('\n')}\n`);
    files.push(path);
    inline = [];
  };
  for (const [index, input] of request.inputs.entries()) {
    if (input.kind === 'json') inline.push(JSON.stringify(input.value));
    else {
      await spool();
      files.push(...(await filesAt(await inputFile(input, index, paths), index, paths)));
    }
  }
  await spool();
  return files;
}

async function filesAt(path: string, index: number, paths: PathGuard): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.(?:jsonl|ndjson)$/i.test(name)).sort();
  if (names.length === 0) {
    throw new ModelJobError('NotFound', `inputs[${index}]: folder \`${path}\` holds no .jsonl file`);
  }
  // Each for itself: a link in the folder may lead out of the roots.
  return Promise.all(names.map((name) => paths.resolve(join(path, name), `inputs[${index}].value`)));
}
