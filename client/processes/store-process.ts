import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { ModelJobError, type StoreCommand } from '../../planner/index.js';

/** The program that knows the worker's disk: beside this room, in sources and in the build alike. */
const storeProgram = fileURLToPath(new URL(`../../worker/cache${extname(import.meta.url)}`, import.meta.url));

/**
 * Asks the store of the worker that this environment configures.
 *
 * @returns the answer, by the command's action; `exitCode` 1 where a bundle is not valid
 * @throws ModelJobError `NotFound`, `InvalidArgument`, `Failed` with what the program says
 */
export async function askStore<Answer>(
  command: StoreCommand,
  env: NodeJS.ProcessEnv,
): Promise<{ answer: Answer; exitCode: number }> {
  const child = await execa(process.execPath, [storeProgram, JSON.stringify(command)], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  const { exitCode, stdout, stderr } = child;
  if (stdout !== '') return { answer: JSON.parse(stdout) as Answer, exitCode: exitCode ?? 1 };
  const message = stderr.trim() || 'the store gave no answer';
  throw new ModelJobError(exitCode === 2 ? 'InvalidArgument' : 'Failed', message, { message });
}
