import { connect } from 'node:net';

const proxyNames = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
const defaultPorts: Record<string, number> = { 'http:': 80, 'https:': 443, 'socks5:': 1080 };

/**
 * Why an https host can't be reached within the bound, by name look-up and TCP connect, or undefined if it can.
 * Where the environment names a proxy, the proxy is what must be reachable.
 */
export async function whyUnreachable(
  host: string,
  env: NodeJS.ProcessEnv,
  boundMs = 3_000,
): Promise<string | undefined> {
  const proxy = proxyNames.map((name) => env[name]).find(Boolean);
  const target = proxy ? new URL(proxy.includes('://') ? proxy : `http://${proxy}`) : new URL(`https://${host}`);
  const port = Number(target.port) || (defaultPorts[target.protocol] ?? 443);
  const why = await tryToConnect(target.hostname.replace(/^\[|\]$/g, ''), port, boundMs);
  return why && `${proxy ? `the proxy ${target.host} for ${host}` : host} can't be reached (${why})`;
}

/** Why a TCP connection fails, or undefined if it is accepted within the bound. */
export async function tryToConnect(host: string, port: number, boundMs: number): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (why?: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(why);
    };
    const timer = setTimeout(() => settle(`no answer in ${boundMs / 1000} s`), boundMs);
    socket.once('connect', () => settle());
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.message || error.code || error.name));
  });
}
