import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { ModelJobError } from '../../planner/index.js';
import { readRunningDev } from '../dev-server/dev-record.js';
import { NoServerError } from './errors.js';
import { homeOf } from './home.js';

export interface ConnectOptions {
  /** Where `TEMPORAL_…` and `MODEL_JOBS_…` variables are read from. Default: `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** How long the server may take to answer, in milliseconds. Default: 5000. */
  timeoutMs?: number;
}

/** A server that answered. */
export interface ConnectedServer {
  client: Client;
  connection: Connection;
  address: string;
  /** The Web UI's address, where the server is a `model-jobs dev` of this home. */
  uiUrl: string | undefined;
}

/** Which server to use, and who named it. */
export interface ServerChoice {
  config: ClientConnectConfig;
  address: string;
  uiUrl: string | undefined;
  namedBy: string;
}

/** How long a server may take to answer, in milliseconds, unless the caller says. */
const defaultTimeout = 5000;

/**
 * Connects to the Temporal server that `TEMPORAL_ADDRESS` or `temporal.toml` names, else to the running `dev` of this
 * `MODEL_JOBS_HOME`.
 *
 * @throws NoServerError when there is none, or when it does not answer in time
 */
export async function connectServer(options: ConnectOptions = {}): Promise<ConnectedServer> {
  const { timeoutMs = defaultTimeout } = options;
  const { config, address, uiUrl, namedBy } = await chooseServer(options.env ?? process.env);
  const connection = Connection.lazy({ ...config.connectionOptions, address, connectTimeout: timeoutMs });
  try {
    await connection.ensureConnected();
  } catch (cause) {
    await connection.close();
    const detail = `no Temporal server answers at ${address} (${namedBy}) within ${timeoutMs / 1000} s`;
    throw new NoServerError(`${detail}: start it, or run \`model-jobs dev\` without TEMPORAL_ADDRESS`, { cause });
  }
  return {
    client: new Client({ connection, ...(config.namespace !== undefined && { namespace: config.namespace }) }),
    connection,
    address,
    uiUrl,
  };
}

/**
 * Chooses the server, without asking it.
 *
 * @throws NoServerError when no variable, no file and no running `dev` names one
 * @throws ModelJobError `InvalidArgument` for a configuration that can't be read
 */
export async function chooseServer(env: NodeJS.ProcessEnv): Promise<ServerChoice> {
  const config = readConfig(env);
  const home = homeOf(env);
  const dev = await readRunningDev(home);
  const address = config.connectionOptions.address;
  if (address) {
    const uiUrl = dev?.address === address ? dev.uiUrl : undefined;
    return { config, address, uiUrl, namedBy: env['TEMPORAL_ADDRESS'] ? 'TEMPORAL_ADDRESS' : 'temporal.toml' };
  }
  if (dev) return { config, address: dev.address, uiUrl: dev.uiUrl, namedBy: `the \`dev\` of ${home}` };
  throw new NoServerError(
    `no Temporal server: run \`model-jobs dev\` in another terminal (none runs on ${home}), or set TEMPORAL_ADDRESS`,
  );
}

/** An empty variable counts as one that is not set. */
function readConfig(env: NodeJS.ProcessEnv): ClientConnectConfig {
  const set = Object.entries(env).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(set) });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelJobError('InvalidArgument', `the Temporal configuration can't be read: ${reason}`, { cause });
  }
}
