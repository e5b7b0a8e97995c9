import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ModelJobError, type JsonValue, type ModelTask } from '../../../planner/index.js';
import { makeRealFolder } from '../../../system/files/real-folder.js';
import { ProgramFailure } from '../../commands/program-failure.js';
import { runProgram } from '../../commands/run-program.js';
import { ModelLost } from '../../models/contract/model-lost.js';
import { leaveFolder } from '../../models/contract/own-folder.js';
import type { PathGuard } from '../../workspace/paths.js';
import type { ModelOutput, RunOptions } from '../../models/contract/model-runtime.js';
import { fillTemplate, type TemplateValues } from '../../commands/template/fill-template.js';
import { filesIn } from './made-files.js';
import { outputReaderFor } from './outputs.js';
import { prepareInput } from './prepare-input.js';
import type { Template } from '../../commands/template/template.js';

/** Between SIGTERM and SIGKILL, in milliseconds: within the time that the pool gives a process to obey. */
const killGraceMs = 1000;

/** Longest of a program's last words in a message, in characters. */
const maxShown = 300;

/** A program that is ready for inputs. */
export interface ReadyProgram {
  backend: string;
  task: ModelTask;
  template: Template;
  /** Absolute path of what runs. */
  program: string;
  paths: PathGuard;
  values: Pick<TemplateValues, 'model' | 'bundle' | 'threads'>;
  timeoutSeconds: number;
  log: (line: string) => void;
}

/**
 * Runs the program for one input.
 *
 * @param output the input's own folder, which stays where anything is in it
 * @returns its output, or the error that is this input's own: ModelLost for a program that a signal or the time ended
 * @throws ModelJobError for a fault that may pass; the signal's reason when cancelled
 */
export async function runInput(
  ready: ReadyProgram,
  input: JsonValue,
  output: string,
  options: RunOptions,
): Promise<ModelOutput> {
  const work = join(dirname(output), `.${basename(output)}`);
  await makeRealFolder(work);
  try {
    return await runIn({ output, work }, ready, input, options);
  } catch (error) {
    await rm(output, { recursive: true, force: true });
    options.signal.throwIfAborted();
    if (!(error instanceof ModelJobError) || error.retryable) throw error;
    return error;
  } finally {
    await rm(work, { recursive: true, force: true });
    await leaveFolder(output);
  }
}

async function runIn(
  { output, work }: { output: string; work: string },
  { backend, task, template, program, paths, values, timeoutSeconds, log }: ReadyProgram,
  input: JsonValue,
  { parameters, signal, addFile }: RunOptions,
): Promise<JsonValue> {
  const prepared = await prepareInput(input, task, { paths, folder: work, backend, template });
  const args = fillTemplate(template, { ...values, parameters, input: prepared.path, text: prepared.text, output });
  const command = template.program;
  const onLine = (line: string, from: string): void => (from === 'stderr' ? log(`${command}: ${line}`) : undefined);
  const { facts } = await runProgram({
    ...{ command, program, args, timeoutSeconds, signal, onLine, killGraceMs },
    folder: work,
  }).catch((error: unknown) => {
    throw error instanceof ProgramFailure ? explained(error) : error;
  });
  const made = await filesIn(output);
  const said = lastWords(facts.stderr, 3);
  const result = await outputReaderFor(backend)({ ...made, stdout: join(work, 'stdout.log'), said });
  made.files.forEach(addFile);
  return result;
}

/** The failure with the program's last words. */
function explained({ how, detail, details }: ProgramFailure): ModelJobError {
  const stderr = typeof details['stderr'] === 'string' ? details['stderr'] : '';
  const message = detail + lastWords(stderr, 1);
  if (how === 'signal') return new ModelLost('Crashed', message, details);
  if (how === 'time') return new ModelLost('TimedOut', message, details);
  return new ModelJobError('Failed', message, { details, retryable: false });
}

/** The last lines of a program's stderr, for the end of a message. */
function lastWords(stderr: string, lines: number): string {
  const said = stderr.split(/[\r\n]/).filter((line) => line.trim() !== '');
  const last = said.slice(-lines).join(' / ');
  return last === '' ? '' : `; its last words: ${last.slice(-maxShown)}`;
}
