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

/** The error of a refused answer. Statuses and `X-Error-Code` are read as the Python `huggingface_hub` reads them. */
export function hubErrorOf(refused: RefusedAnswer, { auth }: HubConfig): ModelJobError {
  const { status, url, header } = refused;
  const code = header('x-error-code') ?? '';
  const said = header('x-error-message') ?? messageIn(refused.text);
  const answer = `the hub at ${url.host} answered ${status} for \`${url.pathname}\`${said ? ` (${said})` : ''}`;
  const details = { status, hubCode: code };
  if (status === 404 || code === 'RepoNotFound') {
    return new ModelJobError('NotFound', `${answer}: ${missing[code] ?? 'there is no such thing'}`, { details });
  }
  if (status === 401 || status === 403) return denied(answer, status, code, auth !== undefined);
  if (status === 416) return new ModelJobError('IntegrityError', `${answer}: the file is shorter than the hub said`);
  const passes = status === 408 || status === 429 || status >= 500;
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

/** What the hub asks to wait: `Retry-After`, or the end of the window in `RateLimit: "api";r=0;t=55` (huggingface.co). */
function retryAfter(header: RefusedAnswer['header']): { retryAfterMs?: number } {
  const text = header('retry-after');
  const window = /;\s*r\s*=\s*0\s*;\s*t\s*=\s*(\d+)/.exec(header('ratelimit') ?? '')?.[1];
  const wait = text ?? window ?? '';
  const ms = /^\d+$/.test(wait) ? Number(wait) * 1000 : Date.parse(wait) - Date.now();
  return Number.isFinite(ms) ? { retryAfterMs: Math.max(ms, 0) } : {};
}

/** The reason in a refusal's body: the hub's JSON, S3's XML, a line of text; of a page nothing. */
export function messageIn(text: string): string {
  const [, code] = /<Code>([^<]*)<\/Code>/.exec(text) ?? [];
  const [, message] = /<Message>([^<]*)<\/Message>/.exec(text) ?? [];
  if (code !== undefined) return [code, message].filter(Boolean).join(': ').slice(0, 200);
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error.slice(0, 200) : '';
  } catch {
    const line = text.trim().split('\n', 1)[0] ?? '';
    return line.startsWith('<') ? '' : line.slice(0, 200);
  }
}
