import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { ModelJobError } from '../../planner/index.js';
import { loopback, type Ports } from './ports.js';
import { tryToConnect } from './reach-host.js';
import { throwIfCancelled } from '../../system/processes/throw-if-cancelled.js';
import { logTail, type ServerProcess } from './server-process.js';

const pollMs = 50;

/**
 * Waits until the server answers on its gRPC port for the namespace `default`, and its Web UI listens.
 *
 * @throws ModelJobError `StateUnavailable` with the end of the server's log when it ends early or takes longer than
 * `boundMs`, `Cancelled`
 */
export async function waitUntilReady(
  server: ServerProcess,
  ports: Ports,
  options: { boundMs: number; signal?: AbortSignal | undefined },
): Promise<void> {
  let ended: string | undefined;
  void server.exited.then((how) => (ended = how));
  const deadline = Date.now() + options.boundMs;
  while (!(await isReady(ports))) {
    throwIfCancelled(options.signal);
    if (ended !== undefined) throw await notReady(server, `ended while starting (${ended})`);
    if (Date.now() > deadline) throw await notReady(server, `was not ready after ${options.boundMs / 1000} s`);
    await sleep(pollMs);
  }
}

async function isReady({ port, uiPort }: Ports): Promise<boolean> {
  for (const each of [port, uiPort]) {
    if (await tryToConnect(loopback, each, 1_000)) return false;
  }
  return await answers(`${loopback}:${port}`);
}

async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 2_000 });
    try {
      const call = () => connection.workflowService.describeNamespace({ namespace: 'default' });
      await connection.withDeadline(Date.now() + 2_000, call);
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

async function notReady(server: ServerProcess, what: string): Promise<ModelJobError> {
  const tail = await logTail(server.logFile);
  const detail = `the Temporal dev server ${what}. The end of its log (${server.logFile}):\n${tail}`;
  return new ModelJobError('StateUnavailable', detail, { details: { logFile: server.logFile } });
}
