import { join } from 'node:path';
import { ModelJobError } from '../../planner/index.js';
import { choosePorts, loopback, mayChooseOthers, type Ports, type PortWishes } from './ports.js';
import type { Search } from './search.js';
import { throwIfCancelled } from '../../system/processes/throw-if-cancelled.js';
import { serverFlags } from './server-flags.js';
import { spawnServer, type ServerProcess } from './server-process.js';
import { waitUntilReady } from './server-ready.js';

const attempts = 3;
const defaultReadyTimeoutMs = 30_000;

export interface LaunchOptions extends Search, PortWishes {
  executable: string;
  /** The server's working folder, where its log goes. */
  folder: string;
  /** The data file's name inside that folder; without it the server keeps everything in memory. */
  dataFile?: string;
  readyTimeoutMs?: number;
}

export interface LaunchedServer extends ServerProcess {
  address: string;
  uiUrl: string;
}

/**
 * Starts a dev server and waits until it answers. A port that was chosen free may be taken before the server binds it:
 * then others are tried.
 *
 * @throws ModelJobError `InvalidArgument`, `StateUnavailable`, `MissingDependency`, `Cancelled`
 */
export async function launchServer(options: LaunchOptions): Promise<LaunchedServer> {
  for (let attempt = 1; ; attempt += 1) {
    throwIfCancelled(options.signal);
    const ports = await choosePorts(options);
    try {
      return await launchOn(ports, options);
    } catch (error) {
      if (attempt === attempts || !mayChooseOthers(options) || !isPortClash(error)) throw error;
      options.report(`another program took port ${ports.port} or ${ports.uiPort} meanwhile: trying others`);
    }
  }
}

async function launchOn(ports: Ports, options: LaunchOptions): Promise<LaunchedServer> {
  const { executable, folder, env, report, signal } = options;
  const startedAt = Date.now();
  const args = serverFlags(ports, options.dataFile);
  const server = await spawnServer({ executable, args, cwd: folder, env, logFile: join(folder, 'server.log') });
  try {
    await waitUntilReady(server, ports, { boundMs: options.readyTimeoutMs ?? defaultReadyTimeoutMs, signal });
  } catch (error) {
    await server.stop('SIGKILL');
    throw error;
  }
  const address = `${loopback}:${ports.port}`;
  const uiUrl = `http://${loopback}:${ports.uiPort}`;
  report(`the Temporal dev server answers at ${address} after ${Date.now() - startedAt} ms, Web UI ${uiUrl}`);
  return { ...server, address, uiUrl };
}

function isPortClash(error: unknown): boolean {
  return error instanceof ModelJobError && error.detail.includes('address already in use');
}
