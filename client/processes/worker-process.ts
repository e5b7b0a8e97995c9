import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { inOwnGroup } from '../../system/processes/process-tree.js';
import { partEnvironment } from './told-environment.js';
import { workerProgram } from './worker-program.js';

/** How a process ended. */
export interface WorkerEnd {
  exitCode: number | undefined;
  signal: NodeJS.Signals | undefined;
}

/** A worker that runs as a process of its own. */
export interface WorkerProcess {
  pid: number | undefined;
  exited: Promise<WorkerEnd>;
  /** Passes a signal on: SIGTERM and SIGINT drain the worker. */
  signal(signal: NodeJS.Signals): void;
}

export interface WorkerProcessOptions {
  env: NodeJS.ProcessEnv;
  /** Called with each line of the worker's log; without it the log goes to our own stderr. */
  onLine?: (line: string) => void;
}

/**
 * Starts a worker. It has a process group of its own, so that a Ctrl-C reaches it once, through us, and a channel to
 * us, by whose end it learns that we are gone. Its secrets it is told, so that they stand in no environment that the
 * programs of jobs could read in /proc.
 */
export function startWorkerProcess({ env, onLine }: WorkerProcessOptions): WorkerProcess {
  const { early, told } = partEnvironment(env);
  const child = execa(process.execPath, [workerProgram, 'told'], {
    ...inOwnGroup,
    env: early,
    extendEnv: false,
    reject: false,
    buffer: false,
    stdio: ['pipe', 'ignore', onLine ? 'pipe' : 'inherit', 'ipc'],
  });
  // One that could not be started reads nothing.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(told));
  if (onLine && child.stderr) createInterface({ input: child.stderr }).on('line', onLine);
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = child.then(({ exitCode, signal }) => {
    process.off('exit', kill);
    return { exitCode, signal };
  });
  return { pid: child.pid, exited, signal: (signal) => void child.kill(signal) };
}
