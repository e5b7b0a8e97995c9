import { setTimeout as sleep } from 'node:timers/promises';
import { ModelJobError } from '../../../planner/index.js';
import { remark, type CliIo } from '../io.js';
import { readLogLine, type LogLine } from '../render/log-line.js';
import { startWorkerProcess, type WorkerEnd } from '../../processes/worker-process.js';

export interface KeptWorker {
  io: CliIo;
  env: NodeJS.ProcessEnv;
  /** Drains the worker. */
  stop: AbortSignal;
  /** Kills it. */
  kill: AbortSignal;
  /** Called once, when the first worker works. */
  onReady: (pid: number | undefined) => void;
}

/** Milliseconds between the end of a worker that nobody stopped and the start of the next. */
const restartDelay = 1000;

/**
 * Keeps a worker running until `stop`, and returns when it has ended.
 *
 * @throws ModelJobError `Failed` when the first worker ends before it works, `InvalidArgument` when that is for its
 *   configuration
 */
export async function keepWorker(worker: KeptWorker): Promise<void> {
  let starts = 0;
  const onReady = (pid: number | undefined): void => {
    if (starts++ === 0) worker.onReady(pid);
  };
  while (!worker.stop.aborted) {
    const end = await runWorker({ ...worker, onReady });
    if (isAborted(worker.stop)) return;
    if (starts === 0) throw failedStart(end);
    remark(worker.io, `worker ended by itself (${describeEnd(end)}): starting it again`);
    await sleep(restartDelay, undefined, { signal: worker.stop }).catch(() => undefined);
  }
}

async function runWorker({ io, env, stop, kill, onReady }: KeptWorker): Promise<WorkerEnd> {
  const worker = startWorkerProcess({
    env,
    onLine: (line) => {
      const entry = readLogLine(line);
      if (!entry || isWorthTelling(entry)) remark(io, entry?.text ?? line);
      if (entry?.msg === 'worker started') onReady(worker.pid);
    },
  });
  const drain = (): void => worker.signal('SIGTERM');
  const end = (): void => worker.signal('SIGKILL');
  stop.addEventListener('abort', drain);
  kill.addEventListener('abort', end);
  try {
    return await worker.exited;
  } finally {
    stop.removeEventListener('abort', drain);
    kill.removeEventListener('abort', end);
  }
}

/** Our own remarks and every warning; what the SDK tells beside is for the log of a `worker`. */
function isWorthTelling({ level, msg }: LogLine): boolean {
  return msg.startsWith('worker ') || level === 'warn' || level === 'error' || level === 'fatal';
}

/** Exit code 2 of a worker means a bad configuration, which it has told on stderr. */
function failedStart(end: WorkerEnd): ModelJobError {
  const message = `the worker could not start (${describeEnd(end)}); its own words stand above`;
  return new ModelJobError(end.exitCode === 2 ? 'InvalidArgument' : 'Failed', message, { message });
}

/** A function of its own, since the compiler does not know that a signal changes. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function describeEnd({ exitCode, signal }: WorkerEnd): string {
  return signal ? `signal ${signal}` : `exit code ${exitCode ?? 'unknown'}`;
}
