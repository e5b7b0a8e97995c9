import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { onExit } from 'signal-exit';
import { ModelJobError } from '../../planner/index.js';
import { inOwnGroup, signalTree } from '../../system/processes/process-tree.js';

const killAfterMs = 10_000;
const tailBytes = 3_000;

/** A running `temporal server start-dev`. */
export interface ServerProcess {
  pid: number;
  logFile: string;
  /** Resolves when the process has ended, for whatever reason, with how it ended. */
  exited: Promise<string>;
  /** Ends the process with this signal, or with SIGKILL ten seconds later; may be called again. */
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}

export interface SpawnOptions {
  executable: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
}

/**
 * Starts the server in a process group of its own, its output in the log file. It ends with this process.
 *
 * @throws ModelJobError `MissingDependency` when the executable can't be started
 */
export async function spawnServer({ executable, args, cwd, env, logFile }: SpawnOptions): Promise<ServerProcess> {
  const log = createWriteStream(logFile);
  await once(log, 'open');
  const options = { cwd, env, extendEnv: false, reject: false, buffer: false, ...inOwnGroup } as const;
  const child = execa(executable, args, { ...options, stdin: 'ignore', stdout: log, stderr: log });
  const { pid } = child;
  const forgetExit = pid === undefined ? undefined : onExit(() => signalTree(pid, 'SIGTERM'));
  const exited = child.then((result) => {
    forgetExit?.();
    return result.signal ? `signal ${result.signal}` : `exit code ${result.exitCode ?? 'unknown'}`;
  });
  log.close();
  if (pid === undefined) {
    throw new ModelJobError('MissingDependency', `${executable} can't be started: ${(await child).shortMessage ?? ''}`);
  }
  const stop = stopper(pid, exited);
  return { pid, logFile, exited, stop };
}

/** The end of a server's log, for error messages. */
export async function logTail(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.slice(-tailBytes).trim() || '(the server logged nothing)';
}

function stopper(pid: number, exited: Promise<string>): (signal?: NodeJS.Signals) => Promise<void> {
  let ended = false;
  void exited.then(() => (ended = true));
  return async (signal = 'SIGTERM') => {
    if (ended) return;
    signalTree(pid, signal);
    const late = await Promise.race([exited.then(() => false), sleep(killAfterMs, true, { ref: false })]);
    if (late) signalTree(pid, 'SIGKILL');
    await exited;
  };
}
