import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { requestOf, transferBox, workerOn } from '../../../helpers/transfer.js';

afterEach(() => vi.unstubAllEnvs());

/** A proxy that leads every host to one port of this machine, and remembers the hosts. */
async function startProxy(port: number): Promise<{ url: string; hosts: string[] }> {
  const hosts: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    hosts.push(request.url ?? '');
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) end.on('error', () => socket.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, hosts };
}

it('a download goes through the proxy that the environment names, and past it where NO_PROXY or loopback says so', async () => {
  const { hub, folder } = await transferBox({ 'config.json': '{}', 'a.bin': 'a' });
  const proxy = await startProxy(Number(new URL(hub.url).port));
  vi.stubEnv('HTTP_PROXY', proxy.url);
  vi.stubEnv('NO_PROXY', 'elsewhere.test');
  const request = requestOf([{ required: 'config.json' }, { required: 'a.bin' }]);
  const { run } = workerOn(`${folder}/proxied`, { url: 'http://hub.test' });
  expect(await run('downloadModel', request)).toMatchObject({ files: 2, bytesFetched: 3 });
  // The link that the hub redirects to is a loopback address.
  expect(new Set(proxy.hosts)).toEqual(new Set(['hub.test:80']));
});
