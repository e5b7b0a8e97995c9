import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onExit } from 'signal-exit';
import { ModelJobError } from '../../planner/index.js';
import { dataFileName, prepareDataFile } from './data-file.js';
import { removeDevRecord, serverFolder, writeDevRecord } from './dev-record.js';
import { findExecutable } from './find-server.js';
import { launchServer, type LaunchedServer } from './launch-server.js';
import { oneAtATime } from './one-at-a-time.js';
import { endOrphan, refuseSecondServer } from './one-server.js';
import type { PortWishes } from './ports.js';
import { openSearch, type Search, type SearchOptions } from './search.js';

/** How to start a dev server. `signal` ends the start, not a server that is ready. */
export interface StartOptions extends SearchOptions, PortWishes {
  /** The `MODEL_JOBS_HOME` whose data file the server keeps; its log and record are there too. */
  home: string;
  /** Keep nothing: no data file, no record, and the log in a temporary folder that goes with the server. */
  ephemeral?: boolean;
  /** The Temporal CLI to run; by default what `findExecutable` finds. */
  executable?: string;
  /** How long the server may take until it answers, in milliseconds; 30 s by default. */
  readyTimeoutMs?: number;
}

/** A dev server that this process started. It ends with this process. */
export interface DevServer {
  /** `host:port` of the gRPC frontend. */
  address: string;
  uiUrl: string;
  pid: number;
  logFile: string;
  /** Resolves when the server has ended, by `stop` or by itself, with how it ended. */
  exited: Promise<string>;
  /** Ends the server; may be called again. */
  stop: () => Promise<void>;
}

/**
 * Starts the Temporal CLI's dev server on the loopback interface and resolves when it answers.
 *
 * @throws ModelJobError `AlreadyExists` when a dev server runs on this home, `InvalidArgument` for a port that can't be
 * used, `Io` when the home can't be made, `StateUnavailable` with the end of the server's log when it does not come up,
 * `MissingDependency`, `Cancelled`
 */
export async function startDevServer(options: StartOptions): Promise<DevServer> {
  const search = openSearch(options);
  if (options.ephemeral) return await startEphemeral(options, search);
  const folder = serverFolder(options.home);
  await makeFolder(folder);
  const waiting = (pid: number) => `process ${pid} is starting a dev server on ${options.home} already: waiting for it`;
  return await oneAtATime(join(folder, 'start.lock'), search, waiting, async () => {
    await refuseSecondServer(options.home);
    await endOrphan(options.home, search.report);
    return await startKept(options, search);
  });
}

async function makeFolder(folder: string): Promise<void> {
  try {
    // Histories hold what jobs were asked and what they answered: nobody else's business.
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const advice = 'set MODEL_JOBS_HOME to a folder that can be written';
    throw new ModelJobError('Io', `the folder ${folder} can't be made (${String(cause)}): ${advice}`, { cause });
  }
}

/** The server holds nothing worth an orderly end, which would take it three seconds. */
async function startEphemeral(options: StartOptions, search: Search): Promise<DevServer> {
  const executable = await executableFor(options);
  const folder = await mkdtemp(join(tmpdir(), 'model-jobs-server-'));
  const forgetExit = onExit(() => rmSync(folder, { recursive: true, force: true }));
  const forget = async () => {
    forgetExit();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const server = await launchServer({ ...options, ...search, executable, folder });
    return { ...server, stop: () => server.stop('SIGKILL').then(forget) };
  } catch (error) {
    await forget();
    throw error;
  }
}

async function startKept(options: StartOptions, search: Search): Promise<DevServer> {
  const executable = await executableFor(options);
  const folder = serverFolder(options.home);
  const confirmDataFile = await prepareDataFile(folder);
  const server = await launchServer({ ...options, ...search, executable, folder, dataFile: dataFileName });
  await confirmDataFile();
  await record(options.home, server);
  const forget = () => removeDevRecord(options.home, server.pid);
  const exited = server.exited.then((how) => forget().then(() => how));
  return { ...server, exited, stop: () => server.stop().then(forget) };
}

async function executableFor(options: StartOptions): Promise<string> {
  return options.executable ? resolve(options.executable) : (await findExecutable(options)).path;
}

async function record(home: string, { address, uiUrl, pid }: LaunchedServer): Promise<void> {
  await writeDevRecord(home, { address, uiUrl, pid, ownerPid: process.pid, startedAt: new Date().toISOString() });
}
