import { basename } from 'node:path';
import { ModelJobError, type SignCommand, type SignedFolder } from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { hashFolder } from './folder-digests.js';
import type { SigningKey } from './keys.js';
import { countedFiles, openSigned } from './signed-folder.js';
import { signatureName, signFiles } from './signature.js';

/**
 * Signs the files of a folder as they are now.
 *
 * @throws ModelJobError `NotFound` for a folder that is not there, `InvalidArgument` for one without files, or with links
 */
export async function signFolder(command: Omit<SignCommand, 'key'>, key: SigningKey): Promise<SignedFolder> {
  const { folder, signature } = await openSigned(command, [signatureName]);
  const counted = countedFiles(folder, signature, command);
  const files = await hashFolder(folder, counted);
  if (files.size === 0) throw new ModelJobError('InvalidArgument', `\`${folder}\` holds no file to sign`);
  await writeFileAtomic(signature, signFiles({ name: basename(folder), files, ...counted }, key));
  return { signature, key: key.hint, files: files.size };
}
