import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { findServer } from '../../../client/dev-server/index.js';
import { fakeGo, surroundings, temporaryFolder } from './programs.js';

/** A loopback proxy in front of the download host: what it answers is what the SDK's download meets. */
async function proxy(answer: (server: Server) => void): Promise<string> {
  const server = createServer(refuse);
  answer(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

const refuse: RequestListener = (_request, response) => response.writeHead(403).end();

async function findBehind(HTTPS_PROXY: string): Promise<{ messages: string[]; seconds: number }> {
  const bin = await temporaryFolder();
  await fakeGo(bin);
  const { env } = await surroundings(bin);
  const messages: string[] = [];
  const startedAt = Date.now();
  await findServer({ env: { ...env, HTTPS_PROXY }, report: (message) => messages.push(message) });
  return { messages, seconds: (Date.now() - startedAt) / 1000 };
}

test('a download host that is refused by the proxy is passed over within seconds', async () => {
  const refusing = await proxy((server) => {
    server.on('connect', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  });
  const { messages, seconds } = await findBehind(refusing);
  expect(messages.join('\n')).toMatch(/looked for the SDK's own download: .*temporal\.download/s);
  expect(messages.at(-1)).toContain('found a build from the Go module proxy');
  expect(seconds).toBeLessThan(15);
});

test('a download host that takes the connection and stays silent is given up', async () => {
  const sockets: { destroy(): void }[] = [];
  const silent = await proxy((server) => server.on('connect', (_request, socket) => sockets.push(socket)));
  const { messages, seconds } = await findBehind(silent);
  sockets.forEach((socket) => socket.destroy());
  expect(messages.join('\n')).toContain('temporal.download does not answer: nothing came for 10 s');
  expect(messages.at(-1)).toContain('found a build from the Go module proxy');
  expect(seconds).toBeLessThan(25);
});
