import { ModelJobError } from '../../planner/index.js';
import { answerCache } from './cache.js';
import { answerFiles } from './files.js';
import type { CommandAnswer } from './command-answer.js';
import { answerSigning } from './sign.js';

const commands: Readonly<Record<string, (command: unknown) => Promise<CommandAnswer>>> = {
  cache: answerCache,
  files: answerFiles,
  sign: answerSigning,
};

/**
 * Answers a command about this worker's disk or keys: the answer as JSON on stdout, an error on stderr. Exit codes:
 * 0 done, 1 something is not valid, or it failed, 2 a bad request.
 *
 * @param json the command
 */
export async function answerCommand(name: string, json: string | undefined): Promise<void> {
  try {
    const { answer, valid } = await commandOf(name)(parsed(json));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    if (!valid) process.exitCode = 1;
  } catch (error) {
    const known = error instanceof ModelJobError;
    process.stderr.write(`${known ? error.message : String(error)}\n`);
    process.exitCode = known ? 2 : 1;
  }
}

function commandOf(name: string): (command: unknown) => Promise<CommandAnswer> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command;
  const names = Object.keys(commands).join(', ');
  throw new ModelJobError('InvalidArgument', `there is no command \`${name}\`; there are ${names}`);
}

function parsed(json = ''): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ModelJobError('InvalidArgument', `the command is no JSON: ${String(error)}`, { cause: error });
  }
}
