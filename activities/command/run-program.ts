import { join } from 'node:path';
import { execa } from 'execa';
import { ModelJobError, type CommandFacts } from '../../planner/index.js';
import { withoutSecrets } from '../environment.js';
import type { Reporter } from '../reporter.js';
import { captureOutput } from './captured-output.js';
import { endProcessTree, signalTree } from './process-tree.js';

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
  reporter: Reporter;
}

export interface ProgramRun {
  facts: Omit<CommandFacts, 'artifacts'>;
  /** Bytes of each log. */
  sizes: { stdout: number; stderr: number };
}

/**
 * Runs a program without a shell, as the leader of a process group of its own.
 *
 * @throws ModelJobError `Failed`; the signal's reason when cancelled
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramRun> {
  const { program, args, folder, reporter, timeoutSeconds } = options;
  const startedAt = Date.now();
  const message = (line: string): void => reporter.report({ completed: 0, total: 1, unit: 'steps', message: line });
  message(`running ${options.command}`);
  const stdout = captureOutput(join(folder, 'stdout.log'), message);
  const stderr = captureOutput(join(folder, 'stderr.log'), message);
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  const child = execa(program, args, {
    cwd: folder,
    env: withoutSecrets(process.env),
    extendEnv: false,
    detached: true,
    buffer: false,
    reject: false,
    ...(options.stdin === undefined ? { stdin: 'ignore' } : { input: options.stdin }),
  });
  child.stdout.pipe(stdout.stream);
  child.stderr.pipe(stderr.stream);
  const stop = stopOn(AbortSignal.any([reporter.signal, limit]), child.pid);
  const result = await child.finally(stop);
  stdout.stream.end();
  stderr.stream.end();
  await Promise.all([stdout.done, stderr.done]);
  reporter.signal.throwIfAborted();
  if (limit.aborted)
    throw failed(`\`${options.command}\` took longer than ${timeoutSeconds} s and was stopped`, stderr.text());
  if (result.exitCode === undefined && result.signal === undefined) {
    throw failed(`failed to run \`${options.command}\`: ${result.originalMessage ?? 'it could not be started'}`, '');
  }
  if (result.exitCode !== 0) {
    const status = result.signal === undefined ? `exit status: ${result.exitCode}` : `signal: ${result.signal}`;
    throw failed(`\`${options.command}\` exited with status ${status}`, stderr.text());
  }
  return {
    facts: { status: 0, stdout: stdout.text(), stderr: stderr.text(), durationMs: Date.now() - startedAt },
    sizes: { stdout: stdout.size(), stderr: stderr.size() },
  };
}

/** Ends the tree when the signal aborts, or when this process exits before the program does. */
function stopOn(signal: AbortSignal, pid: number | undefined): () => void {
  if (pid === undefined) return () => undefined;
  let settle: (() => void) | undefined;
  const end = (): void => {
    settle = endProcessTree(pid);
  };
  const kill = (): void => signalTree(pid, 'SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  process.once('exit', kill);
  if (signal.aborted) end();
  return () => {
    signal.removeEventListener('abort', end);
    process.removeListener('exit', kill);
    settle?.();
  };
}

/** A program's own failure is final: running it again is the caller's decision. */
function failed(detail: string, stderr: string): ModelJobError {
  const details = stderr === '' ? {} : { stderr: stderr.slice(-2000) };
  return new ModelJobError('Failed', detail, { retryable: false, details });
}
