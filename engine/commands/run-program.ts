import { Readable } from 'node:stream';
import type { CommandFacts } from '../../planner/index.js';
import { captureOutput, type CapturedOutput } from './captured-output.js';
import { endTreeOn } from '../../system/processes/process-tree.js';
import { startProgram, type ProgramInput } from '../../system/processes/start-program.js';
import { plainExitCodes, successOf, type ExitCodes } from './exit-codes.js';
import { ProgramFailure } from './program-failure.js';
import { readReports, type ProgramReport } from './reports.js';
import type { Redactor } from './redactor.js';
import { watchSilence, type Silence } from './silence.js';

export interface ProgramOptions {
  /** As the request names it, for messages. */
  command: string;
  /** Absolute path of what runs. */
  program: string;
  args: readonly string[];
  timeoutSeconds: number;
  /** The longest that it may say nothing, in seconds. Default: any. */
  idleTimeoutSeconds?: number | undefined;
  stdin?: ProgramInput | undefined;
  /** `stdout.log` and `stderr.log` are written there. */
  folder: string;
  /** Working folder. Default: `folder`. */
  cwd?: string;
  /** Variables beside those that all programs get. */
  env?: Readonly<Record<string, string>>;
  /** What its exit codes mean. Default: 0 is success, and no other may pass. */
  exitCodes?: ExitCodes;
  /** Keeps secrets out of its output. */
  redactor?: Redactor;
  signal: AbortSignal;
  /** Hears what the program says: the last line of each piece of its output. */
  onLine: (line: string, from: 'stdout' | 'stderr') => void;
  /** Hears what it reports on file descriptor 3; without, it has none. */
  onReport?: (report: ProgramReport) => void;
  /** Hears every ten seconds of a silence. */
  onSilence?: (silence: Silence) => void;
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
  const { command, program, args, folder, cwd = folder, env, stdin, signal, timeoutSeconds, redactor } = options;
  const startedAt = Date.now();
  const child = startProgram(program, args, { cwd, stdin, env, reports: options.onReport !== undefined });
  const silence = watchSilence(child.pid ?? 0, options.idleTimeoutSeconds, options.onSilence ?? (() => undefined));
  const stdout = captureOutput(folder, 'stdout', (line) => options.onLine(line, 'stdout'));
  const stderr = captureOutput(folder, 'stderr', (line) => options.onLine(line, 'stderr'));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', () => silence.heard());
  const reports: unknown = child.stdio[3];
  if (reports instanceof Readable && options.onReport) {
    reports.on('data', () => silence.heard());
    const onOther = (line: string): void => options.onLine(`file descriptor 3: no report: ${line}`, 'stderr');
    readReports(reports, { onReport: options.onReport, onOther });
  }
  const streams = [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const;
  const entries = streams.map(([from, to]) => {
    const redacted = redactor?.stream();
    redacted?.pipe(to.stream);
    return from.pipe(redacted ?? to.stream);
  });
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  const broken = new AbortController();
  for (const [, to] of streams) to.done.catch(() => broken.abort());
  const ending = AbortSignal.any([signal, limit, silence.signal, broken.signal]);
  const stop = child.pid === undefined ? undefined : endTreeOn(ending, child.pid, options.killGraceMs);
  const ended = await child.finally(stop);
  silence.end();
  for (const entry of entries) entry.end();
  await Promise.all([stdout.done, stderr.done]);
  signal.throwIfAborted();
  if (limit.aborted)
    throw new ProgramFailure('time', `\`${command}\` took longer than ${timeoutSeconds} s and was stopped`, {
      stderr: stderr.text(),
    });
  if (silence.signal.aborted) throw hung(command, silence.signal.reason as Silence, stderr.text());
  const status = successOf(command, ended, options.exitCodes ?? plainExitCodes, stderr.text());
  return {
    facts: { status, ...textsOf({ stdout, stderr }), durationMs: Date.now() - startedAt },
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

function hung(command: string, { seconds, busy }: Silence, stderr: string): ProgramFailure {
  const meanwhile = busy ? 'it computed meanwhile' : 'it did nothing meanwhile';
  const detail = `\`${command}\` said nothing for ${Math.floor(seconds * 10) / 10} s and was stopped; ${meanwhile}`;
  return new ProgramFailure('silence', detail, { stderr });
}
