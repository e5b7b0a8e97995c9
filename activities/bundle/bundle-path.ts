import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModelJobError } from '../../planner/index.js';
import { isInside, realpathOfExistingPart } from '../paths.js';

/**
 * Where a file of a bundle goes: `files/{remote path}`.
 *
 * @throws ModelJobError `InvalidArgument` for a name that is no plain relative path
 */
export function localPathOf(remotePath: string): string {
  const parts = remotePath.split('/');
  if (remotePath.includes('\0') || remotePath.includes('\\') || parts.some((part) => ['', '.', '..'].includes(part))) {
    throw new ModelJobError('InvalidArgument', `model file path \`${remotePath}\` must be a relative file path`);
  }
  return `files/${remotePath}`;
}

/**
 * Makes the folder of a bundle's file.
 *
 * @returns the file's absolute path
 * @throws ModelJobError `PermissionDenied` where a link in the bundle leads out of it
 */
export async function prepareFilePath(bundleRoot: string, localPath: string): Promise<string> {
  const path = join(bundleRoot, localPath);
  const [root, folder] = await Promise.all([bundleRoot, dirname(path)].map(realpathOfExistingPart));
  if (root !== undefined && folder !== undefined && isInside(root, folder)) {
    await mkdir(folder, { recursive: true });
    return path;
  }
  throw new ModelJobError('PermissionDenied', `\`${localPath}\` leads out of the bundle at \`${bundleRoot}\``);
}
