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
export function hubErrorOf(refused: RefusedAnswer, { token }: HubConfig): ModelJobError {
  const { status, url, header } = refused;
  const code = header('x-error-code') ?? '';
  const said = header('x-error-message') ?? messageIn(refused.text);
  const answer = `the hub answered ${status} for \`${url.pathname}\`${said ? ` (${said})` : ''}`;
  if (status === 404 || code === 'RepoNotFound') {
    return new ModelJobError('NotFound', `${answer}: ${missing[code] ?? 'there is no such thing'}`);
  }
  if (status === 401 || status === 403) return denied(answer, status, code, token !== undefined);
  if (status === 416) return new ModelJobError('IntegrityError', `${answer}: the file is shorter than the hub said`);
  const passes = status === 408 || status === 429 || status >= 500;
  return new ModelJobError('Io', answer, { retryable: passes, details: { status, ...retryAfter(header) } });
}

function denied(answer: string, status: number, code: string, hasToken: boolean): ModelJobError {
  return new ModelJobError('PermissionDenied', `${answer}: ${adviceFor(status, code, hasToken)}`, {
    details: { gated: code === 'GatedRepo' },
  });
}

function adviceFor(status: number, code: string, hasToken: boolean): string {
  if (code === 'GatedRepo') {
    return `the model is gated: ask for access on its page${hasToken ? '' : ', and set HF_TOKEN on the worker'}`;
  }
  if (!hasToken) return 'set HF_TOKEN on the worker to a token that may read it';
  return status === 401 ? 'the token in HF_TOKEN is not valid' : 'the token in HF_TOKEN may not read it';
}

function retryAfter(header: RefusedAnswer['header']): { retryAfterMs?: number } {
  const text = header('retry-after');
  if (text === null) return {};
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? { retryAfterMs: Math.max(ms, 0) } : {};
}

function messageIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error.slice(0, 200) : '';
  } catch {
    return '';
  }
}
