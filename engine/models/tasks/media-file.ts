import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { ModelJobError } from '../../../planner/index.js';
import type { PathGuard } from '../../workspace/paths.js';
import { checkAudioFile } from './audio-file.js';
import type { MediaField } from './definition.js';
import { checkImageFile } from './image-file.js';

/** A path on the worker's disk; a relative one is taken from the worker's folder. */
export const filePath = z.string().min(1, { error: 'expected a path that is not empty' });

/** An input that names a file: a bare path, or the path in the field of its kind. */
export type FileInput<Field extends MediaField> = string | Record<Field, string>;

/** `https:`, `data:` and their like; one letter and a colon is a drive of Windows. */
const scheme = /^[a-z][a-z0-9+.-]+:/i;

const checks: Readonly<Record<MediaField, (path: string, size: number, field: string) => Promise<void>>> = {
  image: checkImageFile,
  audio: checkAudioFile,
};

/**
 * The file that an input names, checked by its place, size and content.
 *
 * @param field where the path stands in the input, for the message; the input itself: `input`
 * @returns the absolute path with links resolved
 * @throws ModelJobError `InvalidArgument`, `PermissionDenied`, `NotFound`, `ResourceLimit`
 */
export async function mediaFile(path: string, kind: MediaField, field: string, paths: PathGuard): Promise<string> {
  refuseUrl(path, field);
  const real = await paths.resolve(path, field);
  const found = await stat(real).catch((error: unknown) => {
    throw new ModelJobError('NotFound', `${field}: \`${path}\` does not exist`, { cause: error });
  });
  if (!found.isFile()) throw new ModelJobError('InvalidArgument', `${field}: \`${path}\` is not a file`);
  await checks[kind](real, found.size, field);
  return real;
}

/** Models run without a network: an address would never be fetched, and would be taken for a strange path. */
function refuseUrl(path: string, field: string): void {
  const found = scheme.exec(path);
  if (!found) return;
  const shown = path.length > 80 ? `${path.slice(0, 80)}…` : path;
  throw new ModelJobError(
    'InvalidArgument',
    `${field}: expected a path on the worker's disk, received the address \`${shown}\`: runtimes fetch nothing`,
  );
}
