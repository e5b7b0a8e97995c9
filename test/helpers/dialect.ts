import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** An answer that a proxy gives, or makes of the hub's. */
export interface DialectAnswer {
  status: number;
  headers?: OutgoingHttpHeaders;
  body?: Buffer | string;
}

/** How a proxy in front of a hub differs from it. */
export interface Dialect {
  /** Answers in the hub's place. */
  instead?: (request: IncomingMessage, count: number) => DialectAnswer | undefined;
  /** Changes the request's headers on their way. */
  asked?: (headers: IncomingMessage['headers']) => IncomingMessage['headers'];
  /** Changes the hub's answer. */
  answered?: (answer: Required<DialectAnswer>, request: IncomingMessage, count: number) => DialectAnswer;
}

/** A proxy that speaks a hub's dialect; it closes with the test. `seen` are the requests, as `GET /path`. */
export async function startDialect(hub: { url: string }, { instead, asked, answered }: Dialect) {
  const seen: string[] = [];
  const counts = new Map<string, number>();
  const server = createServer((incoming, response) => {
    const line = `${incoming.method ?? ''} ${incoming.url ?? ''}`;
    seen.push(line);
    const count = (counts.get(line) ?? 0) + 1;
    counts.set(line, count);
    const send = ({ status, headers = {}, body = '' }: DialectAnswer): void => {
      const isChunked = headers['transfer-encoding'] !== undefined;
      response.writeHead(status, { ...(isChunked ? {} : { 'content-length': Buffer.byteLength(body) }), ...headers });
      response.end(incoming.method === 'HEAD' ? undefined : body);
    };
    const own = instead?.(incoming, count);
    if (own) {
      incoming.resume();
      send(own);
      return;
    }
    const headers = asked ? asked(incoming.headers) : incoming.headers;
    const onward = httpRequest(`${hub.url}${incoming.url ?? '/'}`, { method: incoming.method ?? 'GET', headers });
    onward.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const whole = { status: answer.statusCode ?? 500, headers: { ...answer.headers }, body: Buffer.concat(chunks) };
        delete whole.headers['transfer-encoding'];
        send(answered ? answered(whole, incoming, count) : whole);
      });
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** The answer as a proxy that compresses what it likes sends it. */
export function gzipped({ status, headers, body }: Required<DialectAnswer>): DialectAnswer {
  const packed = gzipSync(body);
  const etag = headers['etag'] === undefined ? {} : { etag: `W/${headers['etag'].replace(/"$/, '-gzip"')}` };
  return {
    status,
    headers: { ...headers, ...etag, 'content-encoding': 'gzip', 'content-length': packed.length },
    body: packed,
  };
}
