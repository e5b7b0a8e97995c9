import { defaultTaskQueue, ModelJobError } from '../../../planner/index.js';
import { openServer, type OpenServer } from '../../dev-server/index.js';
import { keepWorker } from './dev-worker.js';
import { homeOf } from '../../connection/home.js';
import { remark, type CliIo } from '../io.js';

/** What `dev` runs, once it is ready. */
export interface DevFacts {
  /** `host:port` of the Temporal server. */
  address: string;
  /** Null for a server that was running elsewhere. */
  uiUrl: string | null;
  taskQueue: string;
  /** The `MODEL_JOBS_HOME`, absolute. */
  home: string;
  serverPid: number | null;
  workerPid: number | null;
}

export interface DevOptions {
  port?: number;
  uiPort?: number;
  /** Called when the server answers and the worker works. */
  onReady: (facts: DevFacts) => void;
}

/**
 * Runs a Temporal server and a worker until SIGINT, SIGTERM or SIGHUP, and then stops both; a second signal kills the
 * worker instead of draining it. A worker that dies is started again.
 *
 * @throws ModelJobError `MissingDependency` when there is no way to a server, `AlreadyExists` when a `dev` runs on this
 *   home, `InvalidArgument` for ports that can't be used, `Cancelled` for a start that was interrupted, `Failed` for a
 *   worker that can't start, `StateUnavailable` when the server ends by itself
 */
export async function runDev(io: CliIo, { onReady, ...ports }: DevOptions): Promise<void> {
  const stop = new AbortController();
  const kill = new AbortController();
  const forget = io.onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], () => (stop.signal.aborted ? kill : stop).abort());
  const home = homeOf(io.env);
  try {
    const report = (line: string): void => remark(io, line);
    const server = await openServer({ home, ...ports, env: io.env, report, signal: stop.signal });
    try {
      await serve(io, server, { stop, kill, onReady: (workerPid) => onReady(factsOf(io, server, home, workerPid)) });
    } finally {
      await server.stop();
    }
  } finally {
    forget();
  }
}

interface Serving {
  stop: AbortController;
  kill: AbortController;
  onReady: (workerPid: number | undefined) => void;
}

async function serve(io: CliIo, server: OpenServer, { stop, kill, onReady }: Serving): Promise<void> {
  let failure: ModelJobError | undefined;
  if (server.kind === 'started') {
    void server.exited.then((how) => {
      if (stop.signal.aborted) return;
      failure = new ModelJobError(
        'StateUnavailable',
        `the Temporal server ended by itself (${how}): see ${server.logFile}`,
      );
      stop.abort();
    });
  }
  // Whoever starts it works with what lies here.
  const MODEL_JOBS_ROOTS = io.env['MODEL_JOBS_ROOTS'] || '.';
  const env = { ...io.env, TEMPORAL_ADDRESS: server.address, MODEL_JOBS_ROOTS };
  await keepWorker({ io, env, stop: stop.signal, kill: kill.signal, onReady });
  if (failure) throw failure;
}

function factsOf(io: CliIo, server: OpenServer, home: string, workerPid: number | undefined): DevFacts {
  const started = server.kind === 'started' ? server : undefined;
  return {
    address: server.address,
    uiUrl: started?.uiUrl ?? null,
    taskQueue: io.env['MODEL_JOBS_TASK_QUEUE'] || defaultTaskQueue,
    home,
    serverPid: started?.pid ?? null,
    workerPid: workerPid ?? null,
  };
}
