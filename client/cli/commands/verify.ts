import type { Command } from 'commander';
import { verifiedFolderSchema } from '../../../planner/index.js';
import { printJson, printLine } from '../io.js';
import { renderVerified } from '../render/signing.js';
import type { Cli } from './cli-state.js';
import { jsonOption } from './options.js';
import { addFolderOptions, placesOf, type FolderFlags } from './signed-folder.js';

interface VerifyFlags extends FolderFlags {
  trust?: string;
  ignoreUnsignedFiles?: boolean;
}

/** `verify`: holds a folder's files against their signature. Needs no server. */
export function addVerifyCommand(program: Command, cli: Cli): void {
  addFolderOptions(
    program
      .command('verify')
      .description("hold a folder's files against their signature; exits with 1 where they differ"),
    "the signature's file; by default model.sig or _SUCCESS.sig in the folder",
  )
    .option(
      '--public-key, --trust <place>',
      'public key in PEM, or a folder of them; by default those of MODEL_JOBS_TRUST',
    )
    .option('--ignore-unsigned-files', 'pass files that are not signed')
    .addOption(jsonOption('what was found'))
    .action((folder: string, flags: VerifyFlags) => verify(cli, folder, flags));
}

async function verify(
  cli: Cli,
  folder: string,
  { trust, ignoreUnsignedFiles = false, ...flags }: VerifyFlags,
): Promise<void> {
  const { askWorker } = await import('../../processes/ask-worker.js');
  const command = { action: 'verify', ...placesOf(folder, flags), ...(trust === undefined ? {} : { trust }) };
  const { answer: verified, exitCode } = await askWorker(
    'sign',
    { ...command, ignoreUnsignedFiles },
    verifiedFolderSchema(),
    cli.io.env,
  );
  if (cli.json) printJson(cli.io, verified);
  else printLine(cli.io, renderVerified(verified));
  cli.exitCode = exitCode;
}
