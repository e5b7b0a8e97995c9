import { relative } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { ModelJobError } from '../../planner/index.js';
import type { ListedFile } from '../workspace/files-artifacts.js';
import { isWorkersFile } from './job-folder.js';
import { fileInFolder, kindOfMediaType, mediaTypeOf } from '../workspace/output-files.js';

/**
 * Refuses patterns that lead out of the job's folder.
 *
 * @throws ModelJobError `InvalidArgument` that names the field
 */
export function checkOutputPatterns(patterns: readonly string[]): void {
  for (const [index, pattern] of patterns.entries()) {
    if (isWorkersFile(pattern)) throw refused(index, pattern, 'is what the worker writes');
    if (!pattern.startsWith('/') && !/[\0\\]/.test(pattern) && !pattern.split('/').includes('..')) continue;
    throw refused(index, pattern, "is not a path inside the job's folder");
  }
}

function refused(index: number, pattern: string, problem: string): ModelJobError {
  return new ModelJobError('InvalidArgument', `options.command.outputs[${index}]: \`${pattern}\` ${problem}`);
}

/**
 * The files that a program made in its folder, sorted by path, each once. A path is that of a file which must be there; a
 * glob may match none. Links that lead out of the folder are no files of the job's.
 *
 * @param reported paths that the program itself told of
 * @throws ModelJobError `Failed`, which is final, for a path that there is not
 */
export async function collectOutputs(
  folder: string,
  patterns: readonly string[],
  reported: readonly string[] = [],
): Promise<ListedFile[]> {
  const found = new Set<string>();
  for (const [index, pattern] of patterns.entries()) {
    const paths = isDynamicPattern(pattern)
      ? await glob(pattern, {
          cwd: folder,
          absolute: true,
          dot: true,
          expandDirectories: false,
          followSymbolicLinks: false,
        })
      : [pattern];
    const inside = await Promise.all(paths.map((path) => fileInFolder(folder, path)));
    for (const path of inside) if (path !== undefined && !isWorkersFile(relative(folder, path))) found.add(path);
    if (isDynamicPattern(pattern) || inside[0] !== undefined) continue;
    const field = `options.command.outputs[${index}]`;
    throw new ModelJobError('Failed', `${field}: the program made no file \`${pattern}\` in the job's folder`);
  }
  for (const path of reported) {
    const made = await fileInFolder(folder, path);
    if (made === undefined || isWorkersFile(relative(folder, made)))
      throw new ModelJobError('Failed', `the program reported \`${path}\`, which is no file in the job's folder`);
    found.add(made);
  }
  return [...found].sort().map((path) => {
    const mediaType = mediaTypeOf(path);
    return { path, mediaType, kind: kindOfMediaType(mediaType), metadata: { 'file.name': relative(folder, path) } };
  });
}
