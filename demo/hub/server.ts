import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on the loopback address. */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  /** Ends every connection, and waits for the handlers that still run. */
  close(): Promise<void>;
}

/** Answers one request; the signal is aborted when the client goes away. */
export type Handler = (request: IncomingMessage, response: ServerResponse, signal: AbortSignal) => Promise<void>;

/**
 * Listens on 127.0.0.1; port 0 is any free port. A handler that throws has its connection closed, and its
 * signal is aborted when the client goes away.
 */
export async function listenOnLoopback(
  port: number,
  handle: Handler,
  onConnection: () => void,
): Promise<LoopbackServer> {
  const running = new Set<Promise<void>>();
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    const run = runHandler(handle, request, response).finally(() => running.delete(run));
    running.add(run);
  });
  server.on('connection', onConnection);
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, ...running]);
    },
  };
}

async function runHandler(handle: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    await handle(request, response, gone.signal);
  } catch {
    // What could be answered was; a body that broke off can only be told by closing.
    response.destroy();
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
