import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModelJobError, type JsonValue } from '../../../planner/index.js';
import type { OutputFile } from '../../models/contract/model-runtime.js';
import { fileInFolder, kindOfMediaType, mediaTypeOf } from '../../workspace/output-files.js';

/** The largest result that is read, in bytes. */
const maxResultBytes = 64 * 1024 * 1024;

/** A file that a program made, as an output names it: the address is the artifact's. */
export type MadeFile = { name: string; uri: string; mediaType: string };

/** What a run of a program left behind. */
export interface MadeFiles {
  /** Sorted by path. Links that lead out of the folder are none. */
  files: OutputFile[];
  /** The same, with names relative to the folder. */
  made: MadeFile[];
}

/** Everything in a program's output folder, at any depth. */
export async function filesIn(folder: string): Promise<MadeFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const inside = await Promise.all(paths.sort().map((path) => fileInFolder(folder, path)));
  const files = inside
    .filter((path) => path !== undefined)
    .map((path) => ({ path, mediaType: mediaTypeOf(path), kind: kindOfMediaType(mediaTypeOf(path)) }));
  const made = files.map(({ path, mediaType }) => ({
    name: relative(folder, path),
    uri: pathToFileURL(path).href,
    mediaType,
  }));
  return { files, made };
}

/**
 * A program's result as text.
 *
 * @throws ModelJobError `ResourceLimit`
 */
export async function readResult(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size <= maxResultBytes) return readFile(path, 'utf8');
  throw new ModelJobError('ResourceLimit', `the program's result has ${size} bytes, more than ${maxResultBytes}`);
}

/** The JSON in a text; undefined where it is none. */
export function jsonIn(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
