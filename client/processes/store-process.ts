import type { StoreCommand } from '../../planner/index.js';
import { askProgram } from './ask-program.js';

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
  const { answer, exitCode } = await askProgram('cache', command, env);
  return { answer: answer as Answer, exitCode };
}
