import type { z } from 'zod';
import { ModelJobError } from '../../../planner/index.js';

/** How long an answer may take, in milliseconds: none of them waits for a model. */
const answerMs = 30_000;

export interface CallOptions {
  signal: AbortSignal;
  /** JSON to post; without it the call is a GET. */
  body?: unknown;
  limitMs?: number;
}

/** Requests to one server. */
export interface ServerHttp {
  /** The address, without a password. */
  address: string;
  /** @throws ModelJobError `StateUnavailable`, which may pass, where the server can't be reached or fails */
  call(path: string, options: CallOptions): Promise<Response>;
  /** @throws ModelJobError as `call`, and `Failed` for an answer of another shape */
  read<T extends z.ZodType>(schema: T, path: string, options: CallOptions): Promise<z.output<T>>;
}

/** @param url with a user and a password, where the server wants them (basic authentication) */
export function serverHttp(url: string): ServerHttp {
  const { address, headers } = partsOf(url);

  async function call(path: string, { signal, body, limitMs = answerMs }: CallOptions): Promise<Response> {
    const post = {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const response = await fetch(`${address}${path}`, {
      ...(body === undefined ? { headers } : post),
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      // The operator named this server and no other.
      redirect: 'error',
    }).catch((error: unknown) => unreachable(error, signal));
    if (response.status < 500) return response;
    throw new ModelJobError('StateUnavailable', `ComfyUI at ${address} answered ${response.status} to ${path}`);
  }

  function unreachable(error: unknown, signal: AbortSignal): never {
    signal.throwIfAborted();
    const detail = `ComfyUI at ${address} can't be reached: ${reasonOf(error)}`;
    throw new ModelJobError('StateUnavailable', detail, { cause: error });
  }

  return {
    address,
    call,
    async read(schema, path, options) {
      const response = await call(path, options);
      const text = await response.text().catch((error: unknown) => unreachable(error, options.signal));
      const parsed = schema.safeParse(jsonOf(text));
      if (parsed.success) return parsed.data;
      const detail = `ComfyUI at ${address} answered ${response.status} to ${path}: ${text.slice(0, 200)}`;
      throw new ModelJobError('Failed', detail, { retryable: false });
    },
  };
}

/** `fetch` takes no password in an address. */
function partsOf(url: string): { address: string; headers: Record<string, string> } {
  const base = new URL(url);
  const named = base.username !== '' || base.password !== '';
  const user = Buffer.from(`${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`);
  base.username = base.password = '';
  const headers: Record<string, string> = named ? { authorization: `Basic ${user.toString('base64')}` } : {};
  return { address: base.href.replace(/\/+$/, ''), headers };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}
