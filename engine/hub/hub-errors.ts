import { ModelJobError } from '../../planner/index.js';
import type { HubConfig } from './config.js';

/** An answer that is none of 2xx. */
export interface RefusedAnswer {
  status: number;
  url: URL;
  header: (name: string) => string | null;
  /** The body, or what there is of it. */
  text: string;
}

/** What the hub's `X-Error-Code` says is missing. */
const missing: Readonly<Record<string, string>> = {
  RepoNotFound: 'the repository does not exist, or the token (HF_TOKEN) may not see it',
  RevisionNotFound: 'the repository has no such revision',
  EntryNotFound: 'the repository has no such file',
};

/** Statuses of 500 and more that no other try ends, and those below that one may (RFC 9110, RFC 8470). */
const lasting = [501, 505];
const passing = [408, 425, 429];

/** The error of a refused answer. Statuses and `X-Error-Code` are read as the Python `huggingface_hub` reads them. */
export function hubErrorOf(refused: RefusedAnswer, { auth }: HubConfig): ModelJobError {
  const { status, url, header } = refused;
  const code = header('x-error-code') ?? '';
  const said = header('x-error-message') ?? messageIn(refused.text);
  const answer = `the hub at ${url.host} answered ${status} for \`${url.pathname}\`${said ? ` (${said})` : ''}`;
  const details = { status, hubCode: code };
  if (status === 404 || Object.hasOwn(missing, code)) {
    return new ModelJobError('NotFound', `${answer}: ${missing[code] ?? 'there is no such thing'}`, { details });
  }
  if (status === 401 || status === 403) return denied(answer, status, code, auth !== undefined);
  if (status === 416) return new ModelJobError('IntegrityError', `${answer}: the file is shorter than the hub said`);
  const passes = passing.includes(status) || (status >= 500 && !lasting.includes(status));
  return new ModelJobError('Io', answer, { retryable: passes, details: { ...details, ...retryAfter(header) } });
}

function denied(answer: string, status: number, code: string, hasToken: boolean): ModelJobError {
  return new ModelJobError('PermissionDenied', `${answer}: ${adviceFor(status, code, hasToken)}`, {
    details: { status, gated: code === 'GatedRepo' },
  });
}

function adviceFor(status: number, code: string, hasToken: boolean): string {
  if (code === 'GatedRepo') {
    return `the model is gated: ask for access on its page${hasToken ? '' : ', and set HF_TOKEN on the worker'}`;
  }
  if (!hasToken) return 'set HF_TOKEN on the worker to a token that may read it';
  return status === 401 ? 'the token in HF_TOKEN is not valid' : 'the token in HF_TOKEN may not read it';
}

/**
 * What the hub asks to wait: `Retry-After`, else the end of a window that is used up, as `RateLimit: "api";r=0;t=55`
 * (huggingface.co), or as the drafts before it and many a server say it: `RateLimit-Reset`, `X-RateLimit-Reset`.
 */
function retryAfter(header: RefusedAnswer['header']): { retryAfterMs?: number } {
  const ms = waitIn(header('retry-after')) ?? windowIn(header('ratelimit') ?? '') ?? waitIn(resetIn(header));
  return ms === undefined ? {} : { retryAfterMs: Math.max(ms, 0) };
}

/** Seconds, seconds since 1970, or a date. */
function waitIn(text: string | null | undefined): number | undefined {
  const value = text?.trim() ?? '';
  const seconds = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
  const at = seconds === undefined ? Date.parse(value) : seconds > 1e9 ? seconds * 1000 : undefined;
  const ms = at === undefined ? (seconds ?? NaN) * 1000 : at - Date.now();
  return Number.isFinite(ms) ? ms : undefined;
}

/** Of several windows the one that is used up; in a refusal that names none, the first. */
function windowIn(rateLimit: string): number | undefined {
  const windows = rateLimit.split(',').flatMap((text) => {
    const number = (...names: string[]): number | undefined => {
      const found = new RegExp(`(?:^|[;,\\s])(?:${names.join('|')})\\s*=\\s*(\\d+)`, 'i').exec(text)?.[1];
      return found === undefined ? undefined : Number(found);
    };
    const reset = number('t', 'reset');
    return reset === undefined ? [] : [{ left: number('r', 'remaining'), ms: reset * 1000 }];
  });
  return (windows.find(({ left }) => left === 0) ?? windows[0])?.ms;
}

function resetIn(header: RefusedAnswer['header']): string | null {
  return header('ratelimit-reset') ?? header('x-ratelimit-reset');
}

/** The reason in a refusal's body: the hub's JSON or a proxy's, S3's XML, a line of text; of a page its title. */
export function messageIn(text: string): string {
  const [, code] = /<Code>([^<]*)<\/Code>/i.exec(text) ?? [];
  const [, message] = /<Message>([^<]*)<\/Message>/i.exec(text) ?? [];
  if (code !== undefined) return shown([code, message].filter(Boolean).join(': '));
  try {
    return shown(reasonIn(JSON.parse(text)));
  } catch {
    const line = text.trim().split('\n', 1)[0] ?? '';
    if (!/^\uFEFF?\s*</.test(text)) return shown(line);
    return shown(/<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? '');
  }
}

/** `{"error": "…"}` (the hub), `{"errors": [{"message": "…"}]}` (Artifactory), `{"detail": "…"}` and the like. */
function reasonIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return reasonIn(value[0]);
  if (typeof value !== 'object' || value === null) return '';
  const said = value as Record<string, unknown>;
  const key = ['error', 'errors', 'message', 'detail', 'title', 'reason'].find((name) => said[name] != null);
  return key === undefined ? '' : reasonIn(said[key]);
}

/** On one line, and short. */
function shown(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
}
