import type { Command } from 'commander';
import { signedFolderSchema } from '../../../planner/index.js';
import { printJson, printLine } from '../io.js';
import { renderSigned } from '../render/signing.js';
import type { Cli } from './cli-state.js';
import { jsonOption } from './options.js';
import { addFolderOptions, placesOf, type FolderFlags } from './signed-folder.js';

/** `sign`: signs a folder's files. Needs no server. */
export function addSignCommand(program: Command, cli: Cli): void {
  addFolderOptions(
    program.command('sign').description("sign a folder's files in the form of OpenSSF Model Signing"),
    "the signature's file; by default model.sig in the folder",
  )
    .option('--private-key, --key <file>', 'private key in PEM; by default that of MODEL_JOBS_SIGNING_KEY')
    .addOption(jsonOption('what was signed'))
    .action((folder: string, flags: FolderFlags & { key?: string }) => sign(cli, folder, flags));
}

async function sign(cli: Cli, folder: string, { key, ...flags }: FolderFlags & { key?: string }): Promise<void> {
  const { askWorker } = await import('../../processes/ask-worker.js');
  const command = { action: 'sign', ...placesOf(folder, flags), ...(key === undefined ? {} : { key }) };
  const { answer: signed } = await askWorker('sign', command, signedFolderSchema(), cli.io.env);
  if (cli.json) printJson(cli.io, signed);
  else printLine(cli.io, renderSigned(signed));
}
