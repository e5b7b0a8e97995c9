import { signFolder } from '../../engine/signing/sign-folder.js';
import { verifyFolder } from '../../engine/signing/verify-folder.js';
import {
  ModelJobError,
  parseWith,
  signingCommandSchema,
  type SignedFolder,
  type SigningCommand,
  type VerifiedFolder,
} from '../../planner/index.js';
import { readKeyFile, readTrustedKeyFiles } from '../signing-settings.js';
import type { CommandAnswer } from './command-answer.js';

/** What is done with the worker's keys, or with those that the caller names: folders are signed, or verified. */
export async function answerSigning(input: unknown): Promise<CommandAnswer> {
  const answer = await answerTo(parseWith(signingCommandSchema(), input, 'command'));
  return { answer, valid: !('valid' in answer) || answer.valid };
}

function answerTo(command: SigningCommand): Promise<SignedFolder | VerifiedFolder> {
  if (command.action === 'sign') {
    const [path, from] = chosen(command.key, '--key', 'MODEL_JOBS_SIGNING_KEY');
    return signFolder(command, readKeyFile(path, from));
  }
  const [path, from] = chosen(command.trust, '--trust', 'MODEL_JOBS_TRUST');
  return verifyFolder(command, readTrustedKeyFiles(path, from));
}

/** What the caller names, else what the worker's operator does; and what named it, for messages. */
function chosen(named: string | undefined, flag: string, variable: string): [path: string, from: string] {
  if (named !== undefined) return [named, flag];
  const path = process.env[variable];
  if (path) return [path, variable];
  throw new ModelJobError('InvalidArgument', `no key: give ${flag}, or set ${variable}`);
}
