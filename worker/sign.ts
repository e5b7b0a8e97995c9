import { signFolder } from '../engine/signing/sign-folder.js';
import { verifyFolder } from '../engine/signing/verify-folder.js';
import {
  ModelJobError,
  parseWith,
  signingCommandSchema,
  type SignedFolder,
  type SigningCommand,
  type VerifiedFolder,
} from '../planner/index.js';
import { readKeyFile, readTrustedKeyFiles } from './signing-settings.js';

/**
 * The worker's keys, for `model-jobs sign` and `model-jobs verify`: a command as JSON in, the answer as JSON on stdout,
 * an error on stderr. Exit codes: 0 done, 1 not as signed, or it failed; 2 a bad request.
 */
async function main(): Promise<void> {
  const command = parseWith(signingCommandSchema(), JSON.parse(process.argv[2] ?? ''), 'command');
  const answer = await answerTo(command);
  if ('valid' in answer && !answer.valid) process.exitCode = 1;
  process.stdout.write(`${JSON.stringify(answer)}\n`);
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

try {
  await main();
} catch (error) {
  const known = error instanceof ModelJobError;
  process.stderr.write(`${known ? error.message : String(error)}\n`);
  process.exitCode = known ? 2 : 1;
}
