import { execa } from 'execa';
import { onExit } from 'signal-exit';
import { inOwnGroup, signalGroup } from './process-group.js';
import { throwIfCancelled } from './throw-if-cancelled.js';

const killAfterMs = 2_000;
const reasonLines = 12;

export interface RunOptions {
  env: NodeJS.ProcessEnv;
  timeoutMs: number;
  cwd?: string;
  signal?: AbortSignal | undefined;
}

/** `output` is stdout and stderr together; `reason` says why the process failed, with the end of its output. */
export type RunResult = { ok: true; output: string } | { ok: false; reason: string };

/**
 * Runs a program to its end. When time is up, the signal is aborted or this process exits, the program
 * and all its descendants are ended: SIGTERM first, SIGKILL two seconds later.
 *
 * @throws ModelJobError `Cancelled` when the signal was aborted, once the processes are gone
 */
export async function runProcess(file: string, args: string[], options: RunOptions): Promise<RunResult> {
  throwIfCancelled(options.signal);
  const { env, cwd } = options;
  const child = execa(file, args, {
    ...inOwnGroup,
    env,
    ...(cwd && { cwd }),
    extendEnv: false,
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  const guard = guardGroup(child.pid, options);
  try {
    const result = await child;
    throwIfCancelled(options.signal);
    if (guard.timedOut()) return { ok: false, reason: `no end after ${options.timeoutMs / 1000} s` };
    if (result.failed) return { ok: false, reason: [result.shortMessage, ...lastLines(result.all)].join('\n') };
    return { ok: true, output: result.all };
  } finally {
    guard.release();
  }
}

function guardGroup(pid: number | undefined, { timeoutMs, signal }: RunOptions) {
  let timedOut = false;
  let force: NodeJS.Timeout | undefined;
  const end = () => {
    signalGroup(pid, 'SIGTERM');
    force ??= setTimeout(() => signalGroup(pid, 'SIGKILL'), killAfterMs);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, timeoutMs);
  const forgetExit = onExit(() => signalGroup(pid, 'SIGKILL'));
  signal?.addEventListener('abort', end);
  const release = () => {
    clearTimeout(timer);
    clearTimeout(force);
    signal?.removeEventListener('abort', end);
    forgetExit();
  };
  return { timedOut: () => timedOut, release };
}

function lastLines(output: string): string[] {
  return output.trim().split('\n').filter(Boolean).slice(-reasonLines);
}
