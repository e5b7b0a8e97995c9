import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ModelJobError, type VerifiedFolder, type VerifyCommand } from '../../planner/index.js';
import { isMissingError } from '../../system/files/errno.js';
import { SignatureFault } from './fault.js';
import { filesOfFolder, gitPaths, hashPaths } from './folder-digests.js';
import { describeKey, type TrustedKey } from './keys.js';
import { countedFiles, openSigned } from './signed-folder.js';
import {
  compareFiles,
  outputsSignatureName,
  signatureName,
  verifySignature,
  type SignedProblem,
  type VerifiedSignature,
} from './signature.js';

/**
 * Holds a folder against its signature: that of a model, or that of a batch's outputs. What is wrong is a fact.
 *
 * @throws ModelJobError `NotFound` for a folder or a signature that is not there, `InvalidArgument` for a link where the
 *   signer followed none
 */
export async function verifyFolder(
  command: Omit<VerifyCommand, 'trust'>,
  keys: readonly TrustedKey[],
): Promise<VerifiedFolder> {
  const { folder, signature } = await openSigned(command, [signatureName, outputsSignatureName]);
  const bare = { valid: false, signature, key: null, files: 0, ignoredPaths: [] };
  try {
    const signed = verifySignature(await readSignature(signature), keys);
    const digests = await digestsOf(folder, signature, signed, command);
    const problems = compareFiles(signed, digests).map(describe);
    const ignoredPaths = await leftOut(folder, signature, signed);
    const key = describeKey(signed.key);
    return { valid: problems.length === 0, signature, key, files: digests.size, ignoredPaths, problems };
  } catch (error) {
    if (error instanceof SignatureFault) return { ...bare, problems: [error.message] };
    throw error;
  }
}

/** What the signer left out beside the signature, and what git keeps, where it is there: nobody vouches for it. */
async function leftOut(folder: string, signature: string, { ignoredPaths }: VerifiedSignature): Promise<string[]> {
  const ownPaths: readonly string[] = [...gitPaths, basename(signature)];
  const there = new Set(await readdir(folder));
  return [...ignoredPaths.filter((path) => !ownPaths.includes(path)), ...gitPaths.filter((path) => there.has(path))];
}

/** A file that is not as it was signed, in words. */
function describe({ path, problem }: SignedProblem): string {
  const said = { changed: 'is not what was signed', unsigned: 'is not among the signed files', missing: 'is missing' };
  return `\`${path}\` ${said[problem]}`;
}

/** What the signer left out is left out here. */
async function digestsOf(
  folder: string,
  signature: string,
  { files, ignoredPaths, allowSymlinks }: VerifiedSignature,
  command: Omit<VerifyCommand, 'trust'>,
): Promise<Map<string, string>> {
  const counted = countedFiles(folder, signature, command);
  const paths = await filesOfFolder(folder, {
    ignoredPaths: [...counted.ignoredPaths, ...ignoredPaths],
    allowSymlinks: allowSymlinks || command.allowSymlinks,
  });
  return hashPaths(folder, command.ignoreUnsignedFiles ? paths.filter((path) => files.has(path)) : paths);
}

async function readSignature(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!isMissingError(error)) throw error;
    throw new ModelJobError('NotFound', `there is no signature at \`${path}\``);
  }
}
