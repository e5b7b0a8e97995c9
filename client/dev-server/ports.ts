import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { ModelJobError } from '../../planner/index.js';
import { tryToConnect } from './reach-host.js';

/** The one interface that a dev server listens on. */
export const loopback = '127.0.0.1';

/** `undefined` means the usual port where it is free, `0` any free port, a number that port and no other. */
export interface PortWishes {
  port?: number | undefined;
  uiPort?: number | undefined;
}

export interface Ports {
  port: number;
  uiPort: number;
}

const usual: Ports = { port: 7233, uiPort: 8233 };

/**
 * Chooses two different ports of the loopback interface that are free now.
 *
 * @throws ModelJobError `InvalidArgument` when a port that was asked for is no port, is taken, or is asked for twice
 */
export async function choosePorts(wishes: PortWishes): Promise<Ports> {
  const given = [wishes.port, wishes.uiPort].filter((port) => port);
  if (given.length === 2 && given[0] === given[1]) {
    throw new ModelJobError('InvalidArgument', `port and uiPort are both ${given[0]}: give two different ports`);
  }
  const [any, anyUi] = await freePorts();
  return {
    port: await choosePort('port', wishes.port, usual.port, any),
    uiPort: await choosePort('uiPort', wishes.uiPort, usual.uiPort, anyUi),
  };
}

/** Whether `choosePorts` could choose others another time. */
export function mayChooseOthers(wishes: PortWishes): boolean {
  return !wishes.port || !wishes.uiPort;
}

async function choosePort(name: string, wish: number | undefined, preferred: number, any: number): Promise<number> {
  if (wish === 0) return any;
  if (wish === undefined) return (await whyTaken(preferred)) ? any : preferred;
  if (!Number.isInteger(wish) || wish < 1 || wish > 65_535) {
    throw new ModelJobError('InvalidArgument', `${name} ${wish} is no port: give a whole number from 0 to 65535`);
  }
  const why = await whyTaken(wish);
  if (!why) return wish;
  const advice = `give another ${name}, or 0 for any that is free`;
  throw new ModelJobError('InvalidArgument', `${name} ${wish} can't be used on ${loopback} (${why}): ${advice}`);
}

/** Listening alone would not do: some systems let it succeed beside a server that listens on all interfaces. */
async function whyTaken(port: number): Promise<string | undefined> {
  if ((await tryToConnect(loopback, port, 1_000)) === undefined) return 'another program listens there';
  try {
    await close(await listen(port));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function freePorts(): Promise<[number, number]> {
  const servers = [await listen(0), await listen(0)] as const;
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(close));
  return [ports[0] ?? 0, ports[1] ?? 0];
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, loopback);
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
