import { execa } from 'execa';
import type { z } from 'zod';
import { ModelJobError, parseWith } from '../../planner/index.js';
import { workerProgram } from './worker-program.js';

/** What the worker's program answered; `exitCode` 1 where something is not valid. */
export interface WorkerAnswer<Answer> {
  answer: Answer;
  exitCode: number;
}

/**
 * Asks the worker that this environment configures about its disk or its keys, by its program.
 *
 * @param name of the command: `cache`, `sign`
 * @param schema of the answer
 * @throws ModelJobError `InvalidArgument`, `Failed` with what the program says
 */
export async function askWorker<T extends z.ZodType>(
  name: string,
  command: object,
  schema: T,
  env: NodeJS.ProcessEnv,
): Promise<WorkerAnswer<z.output<T>>> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [workerProgram, name, JSON.stringify(command)], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  if (exitCode === 0 || exitCode === 1) {
    if (stdout !== '') return { answer: answerIn(stdout, name, schema), exitCode };
  }
  const message = stderr.trim() || `the worker's program gave no answer to \`${name}\``;
  throw new ModelJobError(exitCode === 2 ? 'InvalidArgument' : 'Failed', message, { message });
}

function answerIn<T extends z.ZodType>(text: string, name: string, schema: T): z.output<T> {
  try {
    return parseWith(schema, JSON.parse(text), 'answer');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelJobError('Failed', `the worker's program gave no such answer to \`${name}\`: ${reason}`, { cause });
  }
}
