import { dirname, join } from 'node:path';
import { ModelJobError } from '../../planner/index.js';
import { isInside, realpathOfExistingPart } from '../../system/files/contained.js';

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
 * Looks at the folders of a bundle's files before the bundle goes.
 *
 * @throws ModelJobError `PermissionDenied` where a link in the bundle leads out of it
 */
export async function checkFolders(bundleRoot: string, localPaths: readonly string[]): Promise<void> {
  const root = await realpathOfExistingPart(bundleRoot);
  const folders = new Set(localPaths.map((path) => dirname(join(bundleRoot, path))));
  for (const wanted of folders) {
    const folder = await realpathOfExistingPart(wanted);
    if (!isInside(root, folder)) {
      throw new ModelJobError('PermissionDenied', `\`${wanted}\` leads out of the bundle at \`${bundleRoot}\``);
    }
  }
}
