import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './answers.js';
import { faultOf, type Fault } from './faults.js';
import { choosePart, type Part } from './ranges.js';
import { flipByte, gzip, pause, pauseAfter, take, throttle, type Chunks } from './streams.js';

/** How an answer is sent. */
export interface Sending {
  fault: Fault | undefined;
  bytesPerSecond: number | undefined;
  /** Aborted when the client or the hub goes away. */
  signal: AbortSignal;
  /** Told of each piece of a body that was handed to the network. */
  count: (name: string, bytes: number) => void;
}

/**
 * Sends an answer, with its range, limit and fault; ends when the client has it or the connection is gone.
 *
 * @throws whatever reading the body throws, and an `AbortError` when the client has gone.
 */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  sending: Sending,
): Promise<void> {
  const { fault, signal } = sending;
  const early = faultOf(fault, 'reset') ?? faultOf(fault, 'stall');
  if (early && early.afterBytes === undefined) {
    await failBeforeHeaders(response, early, signal);
  }
  const part = partOf(request, answer, fault);
  const sent = sentBytes(part, fault);
  response.writeHead(part.status, headersOf(answer, part, sent, fault));
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.flushHeaders();
  await writeBody(response, bodyOf(answer, part, sent, sending), answer, sending);
  await finish(response, part, sent, fault);
}

async function failBeforeHeaders(
  response: ServerResponse,
  fault: Extract<Fault, { kind: 'reset' | 'stall' }>,
  signal: AbortSignal,
): Promise<void> {
  if (fault.kind === 'reset') {
    response.socket?.resetAndDestroy();
    throw new Error('reset before the headers');
  }
  await pause(fault.forMs, signal);
}

function partOf(request: IncomingMessage, { status, headers, body }: Answer, fault: Fault | undefined): Part {
  return status === 200 && headers['Accept-Ranges'] !== undefined
    ? choosePart(request.headers, body.sizeBytes, faultOf(fault, 'etag')?.etag ?? headers.ETag, fault)
    : { status, start: 0, end: body.sizeBytes, headers: {} };
}

/** How many bytes of the body go out before the answer ends, well or not. */
function sentBytes({ start, end }: Part, fault: Fault | undefined): number {
  const whole = end - start;
  const cut = faultOf(fault, 'truncate')?.afterBytes ?? faultOf(fault, 'reset')?.afterBytes;
  const shorter = faultOf(fault, 'wrong-length')?.difference ?? 0;
  return Math.max(Math.min(whole, cut ?? whole, whole + shorter), 0);
}

function headersOf(answer: Answer, part: Part, sent: number, fault: Fault | undefined): Record<string, string> {
  const headers = { ...answer.headers, ...part.headers };
  const length = part.end - part.start + (faultOf(fault, 'wrong-length')?.difference ?? 0);
  if (faultOf(fault, 'gzip')) {
    const { 'Accept-Ranges': _ranges, ETag: etag, ...others } = headers;
    return { ...others, ...(etag ? { ETag: `W/${etag}` } : {}), 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' };
  }
  if (faultOf(fault, 'truncate')?.silent && sent < length) {
    return headers;
  }
  return {
    ...headers,
    ...otherEtag(headers, faultOf(fault, 'etag')?.etag),
    'Content-Length': String(Math.max(length, 0)),
  };
}

function otherEtag(headers: Record<string, string>, etag: string | undefined): Record<string, string> {
  const names = ['ETag', 'X-Linked-Etag'].filter((name) => headers[name] !== undefined);
  return etag === undefined ? {} : Object.fromEntries(names.map((name) => [name, etag]));
}

function bodyOf({ body }: Answer, { start, end }: Part, sent: number, sending: Sending): Chunks {
  const { fault, bytesPerSecond, signal } = sending;
  const flip = faultOf(fault, 'flip');
  const stall = faultOf(fault, 'stall');
  let chunks: Chunks = body.read(start, end);
  chunks = flip ? flipByte(chunks, start, flip.offset) : chunks;
  chunks = fault?.kind === 'gzip' ? gzip(chunks) : take(chunks, sent);
  chunks = stall?.afterBytes === undefined ? chunks : pauseAfter(chunks, stall.afterBytes, stall.forMs, signal);
  return bytesPerSecond === undefined ? chunks : throttle(chunks, bytesPerSecond, signal);
}

async function writeBody(response: ServerResponse, chunks: Chunks, { body }: Answer, sending: Sending): Promise<void> {
  for await (const chunk of chunks) {
    sending.signal.throwIfAborted();
    const written = write(response, chunk, sending.signal);
    if (body.countAs !== undefined) {
      sending.count(body.countAs, chunk.length);
    }
    await written;
  }
}

/** Resolves when the network has the chunk: its memory may be used again. */
function write(response: ServerResponse, chunk: Uint8Array, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    response.write(chunk, (error) => {
      signal.removeEventListener('abort', abort);
      if (error) reject(error);
      else resolve();
    });
  });
}

/** How long a reset waits, so that what was written before it leaves the machine's buffers. */
const settleMs = 50;

async function finish(response: ServerResponse, part: Part, sent: number, fault: Fault | undefined): Promise<void> {
  const missing = sent < part.end - part.start;
  const tooShort = (faultOf(fault, 'wrong-length')?.difference ?? 0) > 0;
  if (fault?.kind === 'reset') {
    await delay(settleMs);
    response.socket?.resetAndDestroy();
  } else if (tooShort || (fault?.kind === 'truncate' && missing && !fault.silent)) {
    response.socket?.destroySoon();
  } else {
    response.end();
  }
}
