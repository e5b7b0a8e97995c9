import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { SigningCommand } from '../../../planner/index.js';
import { collect } from './options.js';

/** What `addFolderOptions` parses. */
export interface FolderFlags {
  signature?: string;
  ignorePaths?: string[];
  allowSymlinks?: boolean;
}

/**
 * The argument and options that name a folder's files and their signature, as the Python `model_signing` calls them.
 *
 * @param signature what `--signature` names
 */
export function addFolderOptions(command: Command, signature: string): Command {
  return command
    .argument('<folder>', "the folder of a model, or of a batch's outputs")
    .option('--signature <file>', signature)
    .addOption(new Option('--ignore-paths <path>', 'a file or folder to leave out; may be repeated').argParser(collect))
    .option('--allow-symlinks', 'take what links lead to');
}

/** Where the files and their signature are. */
export function placesOf(
  folder: string,
  { signature, ignorePaths = [], allowSymlinks = false }: FolderFlags,
): Omit<SigningCommand, 'action' | 'ignoreUnsignedFiles'> {
  return {
    folder: resolve(folder),
    ...(signature === undefined ? {} : { signature: resolve(signature) }),
    ignorePaths: ignorePaths.map((path) => resolve(path)),
    allowSymlinks,
  };
}
