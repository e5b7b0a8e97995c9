import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { ModelJobError } from '../../../planner/index.js';
import { isInside } from '../../../system/files/contained.js';
import { placeholdersOf, type Template } from './template.js';

/** Endings of files that are a model by themselves. */
const weights =
  /\.(?:bin|caffemodel|ckpt|dat|engine|gguf|ggml|h5|keras|net|onnx|pb|pt|pth|safetensors|t7|tflite|th|weights|xml)$/i;

/** Files that come with a model, and are none. */
const companions = /^(?:readme|license|licence|notice)|^\.|\.(?:json|md|txt)$/i;

/** Absolute paths of what a template names in the bundle: by the path of `{model:path}`, and `''` for `{model}`. */
export type ModelFiles = ReadonlyMap<string, string>;

/**
 * Finds the files of the bundle that a template names.
 *
 * @throws ModelJobError `InvalidArgument` without a bundle, and where `{model}` is not one file; `NotFound` for a path
 */
export async function modelFilesOf(
  template: Template,
  bundle: { filesDirectory: string } | undefined,
): Promise<ModelFiles> {
  const named = placeholdersOf(template).filter(({ name }) => name === 'model' || name === 'bundle');
  if (named.length === 0) return new Map();
  if (!bundle) throw new ModelJobError('InvalidArgument', 'spec.files: the program needs a model with files');
  const paths = named.flatMap(({ name, argument }) => (name === 'model' ? [argument ?? ''] : []));
  const folder = bundle.filesDirectory;
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, path === '' ? await onlyWeights(folder) : await fileAt(folder, path)] as const),
    ),
  );
}

async function onlyWeights(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const found = modelsAmong(files).sort();
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const list = found.map((path) => relative(folder, path)).join(', ');
  const problem = found.length === 0 ? 'there are no weights' : `there are several weights (${list})`;
  throw new ModelJobError('InvalidArgument', `spec.files: ${problem}; the program's template can name {model:path}`);
}

/** What may be the model: files by their endings, else whatever is no companion of one. */
function modelsAmong(files: readonly string[]): string[] {
  const byEnding = files.filter((path) => weights.test(path));
  // Of OpenVINO's two files programs take the one that names the other.
  const models = byEnding.filter((path) => !/\.bin$/i.test(path) || !byEnding.includes(path.replace(/bin$/i, 'xml')));
  return models.length > 0 ? models : files.filter((path) => !companions.test(basename(path)));
}

/** A file or a folder: some programs take one with all parts of a model. */
async function fileAt(folder: string, path: string): Promise<string> {
  const file = join(folder, path);
  const missing = new ModelJobError('NotFound', `the bundle has no \`${path}\`, which the program's template names`);
  if (!isInside(folder, file)) throw missing;
  await Promise.all([realpath(file), stat(file)]).catch(() => {
    throw missing;
  });
  return file;
}
