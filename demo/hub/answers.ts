import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { HubProblem } from './problems.js';

/** A body that can be read from any byte to any other. */
export interface Body {
  sizeBytes: number;
  /** The bytes from `start` up to, not including, `end`. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
  /** Under which name its bytes are counted; bodies that are no file have none. */
  countAs?: string;
}

/** What is sent for a request, before ranges and faults. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Body;
}

/** A JSON answer. */
export function jsonAnswer(value: unknown, headers: Record<string, string> = {}, status = 200): Answer {
  return bufferAnswer(status, Buffer.from(JSON.stringify(value)), {
    'Content-Type': 'application/json; charset=utf-8',
    ...headers,
  });
}

/** A redirect; its short text names the target, as the real hub's does. */
export function redirectAnswer(status: 302 | 307, location: string, headers: Record<string, string>): Answer {
  const body = Buffer.from(`${status === 302 ? 'Found' : 'Temporary Redirect'}. Redirecting to ${location}`);
  return bufferAnswer(status, body, { ...headers, 'Content-Type': 'text/plain; charset=utf-8', Location: location });
}

/** An error as the real hub words it: `{error}` and the same in headers. Anything unknown becomes a 500. */
export function problemAnswer(error: unknown): Answer {
  const problem =
    error instanceof HubProblem ? error : new HubProblem(500, undefined, `Internal error: ${String(error)}`);
  const headers: Record<string, string> = { ...problem.headers, 'X-Error-Message': headerSafe(problem.message) };
  if (problem.code !== undefined) {
    headers['X-Error-Code'] = problem.code;
  }
  return jsonAnswer({ error: problem.message }, headers, problem.status);
}

/** An answer whose body is in memory. */
export function bufferAnswer(status: number, content: Uint8Array, headers: Record<string, string>): Answer {
  return {
    status,
    headers: { 'X-Request-Id': `Root=${randomUUID()}`, ...headers },
    body: { sizeBytes: content.length, read: (start, end) => once(content.subarray(start, end)) },
  };
}

function once(chunk: Uint8Array): AsyncIterable<Uint8Array> {
  return Readable.from([chunk]);
}

/** Headers carry ASCII; names of repos and files may not be. */
function headerSafe(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, '?');
}
