import { execa } from 'execa';
import { endTreeOn, guardTree, inOwnGroup } from './process-tree.js';
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
  const { env, cwd, signal, timeoutMs } = options;
  throwIfCancelled(signal);
  const child = execa(file, args, {
    ...inOwnGroup,
    env,
    ...(cwd && { cwd }),
    extendEnv: false,
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  const limit = AbortSignal.timeout(timeoutMs);
  const release =
    child.pid === undefined ? undefined : guard(child.pid, signal ? AbortSignal.any([signal, limit]) : limit);
  const result = await child.finally(release);
  throwIfCancelled(signal);
  if (limit.aborted) return { ok: false, reason: `no end after ${timeoutMs / 1000} s` };
  if (result.failed) return { ok: false, reason: [result.shortMessage, ...lastLines(result.all)].join('\n') };
  return { ok: true, output: result.all };
}

/** Ends the program on the signal, and with this process. */
function guard(pid: number, signal: AbortSignal): () => void {
  const settle = endTreeOn(signal, pid, killAfterMs);
  const release = guardTree(pid);
  return () => {
    settle();
    release();
  };
}

function lastLines(output: string): string[] {
  return output.trim().split('\n').filter(Boolean).slice(-reasonLines);
}
