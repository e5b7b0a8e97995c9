import { join } from 'node:path';
import { ModelJobError, type CommandFacts } from '../../planner/index.js';
import { captureOutput } from './captured-output.js';
import { endTreeOn } from '../../system/processes/process-tree.js';
import { startProblem, startProgram } from '../../system/processes/start-program.js';

export interface ProgramOptions {
  /** As the request names it, for messages. */
  command: string;
  /** Absolute path of what runs. */
  program: string;
  args: readonly string[];
  timeoutSeconds: number;
  stdin: string | undefined;
  /** Working folder; `stdout.log` and `stderr.log` are written there. */
  folder: string;
  signal: AbortSignal;
  /** Hears what the program says: the last line of each piece of its output. */
  onLine: (line: string, from: 'stdout' | 'stderr') => void;
  /** How long a stopped program may take to end by itself, in milliseconds. */
  killGraceMs?: number;
}

export interface ProgramRun {
  facts: Omit<CommandFacts, 'artifacts'>;
  /** Bytes of each log. */
  sizes: { stdout: number; stderr: number };
}

/**
 * Runs a program without a shell, as the leader of a process group of its own.
 *
 * @throws ProgramFailure; the signal's reason when cancelled
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramRun> {
  const { program, args, folder, signal, onLine, timeoutSeconds } = options;
  const startedAt = Date.now();
  const stdout = captureOutput(join(folder, 'stdout.log'), (line) => onLine(line, 'stdout'));
  const stderr = captureOutput(join(folder, 'stderr.log'), (line) => onLine(line, 'stderr'));
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  const stdin = options.stdin === undefined ? undefined : { text: options.stdin };
  const child = startProgram(program, args, { cwd: folder, stdin });
  child.stdout.pipe(stdout.stream);
  child.stderr.pipe(stderr.stream);
  const stop =
    child.pid === undefined ? undefined : endTreeOn(AbortSignal.any([signal, limit]), child.pid, options.killGraceMs);
  const result = await child.finally(stop);
  stdout.stream.end();
  stderr.stream.end();
  await Promise.all([stdout.done, stderr.done]);
  signal.throwIfAborted();
  if (limit.aborted)
    throw failed('time', `\`${options.command}\` took longer than ${timeoutSeconds} s and was stopped`, stderr.text());
  const problem = startProblem(result);
  if (problem !== undefined) throw failed('start', `failed to run \`${options.command}\`: ${problem}`, '');
  if (result.exitCode !== 0) {
    const status = result.signal === undefined ? `exit status: ${result.exitCode}` : `signal: ${result.signal}`;
    const how = result.signal === undefined ? 'status' : 'signal';
    throw failed(how, `\`${options.command}\` exited with status ${status}`, stderr.text());
  }
  return {
    facts: { status: 0, stdout: stdout.text(), stderr: stderr.text(), durationMs: Date.now() - startedAt },
    sizes: { stdout: stdout.size(), stderr: stderr.size() },
  };
}

/** A program that could not be started, was ended by a signal or for the time, or ended with another status than 0. */
export class ProgramFailure extends ModelJobError {
  constructor(
    readonly how: 'start' | 'signal' | 'time' | 'status',
    detail: string,
    options: { details: Record<string, unknown> },
  ) {
    // A program's own failure is final: running it again is the caller's decision.
    super('Failed', detail, { ...options, retryable: false });
  }
}

function failed(how: ProgramFailure['how'], detail: string, stderr: string): ProgramFailure {
  return new ProgramFailure(how, detail, { details: stderr === '' ? {} : { stderr: stderr.slice(-2000) } });
}
