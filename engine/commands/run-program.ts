import { ModelJobError, type CommandFacts } from '../../planner/index.js';
import { captureOutput, type CapturedOutput } from './captured-output.js';
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
  /** The names of the logs in its folder, the oldest first. */
  logs: { stdout: string[]; stderr: string[] };
}

/**
 * Runs a program without a shell, as the leader of a process group of its own.
 *
 * @throws ProgramFailure; the signal's reason when cancelled
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramRun> {
  const { program, args, folder, signal, onLine, timeoutSeconds } = options;
  const startedAt = Date.now();
  const stdout = captureOutput(folder, 'stdout', (line) => onLine(line, 'stdout'));
  const stderr = captureOutput(folder, 'stderr', (line) => onLine(line, 'stderr'));
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
    facts: { status: 0, ...textsOf({ stdout, stderr }), durationMs: Date.now() - startedAt },
    logs: { stdout: stdout.logs(), stderr: stderr.logs() },
  };
}

type Captured = Record<'stdout' | 'stderr', CapturedOutput>;

/** What a result holds of the output; how long it was where that is a part only. */
function textsOf({
  stdout,
  stderr,
}: Captured): Pick<CommandFacts, 'stdout' | 'stderr' | 'stdoutBytes' | 'stderrBytes'> {
  return {
    stdout: stdout.text(),
    ...(stdout.isCut() ? { stdoutBytes: stdout.size() } : {}),
    stderr: stderr.text(),
    ...(stderr.isCut() ? { stderrBytes: stderr.size() } : {}),
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
