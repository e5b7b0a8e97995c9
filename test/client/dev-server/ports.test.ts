import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { choosePorts } from '../../../client/dev-server/ports.js';

/** Listens on the port, or leaves it to whoever listens there already. */
async function occupy(port: number, host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(port, host);
  await Promise.race([once(server, 'listening'), once(server, 'error').then(() => undefined)]).catch(() => undefined);
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

test('0 gives two different free ports', async () => {
  const { port, uiPort } = await choosePorts({ port: 0, uiPort: 0 });
  expect(port).not.toBe(uiPort);
  for (const each of [port, uiPort]) expect(await occupy(each)).toBe(each);
});

test('where the usual ports are taken others are chosen', async () => {
  await occupy(7233);
  await occupy(8233);
  const { port, uiPort } = await choosePorts({});
  expect(port).not.toBe(7233);
  expect(uiPort).not.toBe(8233);
});

test('a port that was given is taken as it is', async () => {
  const { port, uiPort } = await choosePorts({ port: 0, uiPort: 0 });
  expect(await choosePorts({ port, uiPort })).toEqual({ port, uiPort });
});

test.each(['127.0.0.1', '0.0.0.0'])(
  'a given port that a program holds on %s is refused by its name and number',
  async (host) => {
    const taken = await occupy(0, host);
    await expect(choosePorts({ port: taken, uiPort: 0 })).rejects.toThrow(
      `invalid argument: port ${taken} can't be used on 127.0.0.1 (another program listens there)`,
    );
    await expect(choosePorts({ port: 0, uiPort: taken })).rejects.toThrow(`uiPort ${taken} can't be used`);
  },
);

test.each([70_000, -1, 1.5, Number.NaN])('%d is refused as no port', async (port) => {
  await expect(choosePorts({ port, uiPort: 0 })).rejects.toThrow(`port ${port} is no port`);
});

test('the same port for both is refused', async () => {
  await expect(choosePorts({ port: 7999, uiPort: 7999 })).rejects.toThrow('port and uiPort are both 7999');
});
