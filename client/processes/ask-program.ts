import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { ModelJobError } from '../../planner/index.js';

/** What a program of the worker's room answered; `exitCode` 1 where something is not valid. */
export interface ProgramAnswer {
  answer: unknown;
  exitCode: number;
}

/**
 * Runs a program of the worker's room, which lies beside this one, in sources and in the build alike: it takes a command
 * as JSON, and answers with JSON.
 *
 * @throws ModelJobError `InvalidArgument`, `Failed` with what the program says
 */
export async function askProgram(name: string, command: object, env: NodeJS.ProcessEnv): Promise<ProgramAnswer> {
  const program = fileURLToPath(new URL(`../../worker/${name}${extname(import.meta.url)}`, import.meta.url));
  const child = await execa(process.execPath, [program, JSON.stringify(command)], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  const { exitCode, stdout, stderr } = child;
  if (stdout !== '') return { answer: JSON.parse(stdout), exitCode: exitCode ?? 1 };
  const message = stderr.trim() || `the program \`${name}\` gave no answer`;
  throw new ModelJobError(exitCode === 2 ? 'InvalidArgument' : 'Failed', message, { message });
}
