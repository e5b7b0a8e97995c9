import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorkerProcess } from '../client/processes/worker-process.js';

/** The folder of the demo's data and model, in the checkout. */
const demoFolder = fileURLToPath(new URL('../../demo', import.meta.url));

export interface DemoWorker {
  pid: number | undefined;
  stop(): Promise<void>;
}

/** Starts a worker of the demo and resolves when it works. */
export function startDemoWorker(options: { home: string; address: string; hub: string }): Promise<DemoWorker> {
  const { home, address, hub } = options;
  return startReadyWorker({
    ...process.env,
    // `node` is found where this process's own is.
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    TEMPORAL_ADDRESS: address,
    MODEL_JOBS_HOME: home,
    MODEL_JOBS_ROOTS: `${home}:${demoFolder}`,
    MODEL_JOBS_COMMANDS: 'node',
    HF_ENDPOINT: hub,
    HF_HUB_CACHE: join(home, 'hub-cache'),
  });
}

/**
 * Starts a worker as a process of its own and resolves when it works.
 *
 * @throws Error with the end of the worker's log where it ends before
 */
export async function startReadyWorker(env: NodeJS.ProcessEnv): Promise<DemoWorker> {
  const log: string[] = [];
  let ready: () => void = () => undefined;
  const works = new Promise<void>((resolve) => (ready = resolve));
  const worker = startWorkerProcess({
    env,
    onLine: (line) => {
      log.push(line);
      if (line.includes('"worker started"')) ready();
    },
  });
  const ended = worker.exited.then(({ exitCode }) => {
    throw new Error(`the worker ended with exit code ${exitCode ?? 'unknown'}:\n${log.slice(-20).join('\n')}`);
  });
  await Promise.race([works, ended]);
  ended.catch(() => undefined);
  return {
    pid: worker.pid,
    stop: async () => {
      worker.signal('SIGTERM');
      await worker.exited;
    },
  };
}
