import { ModelJobError } from '../../planner/index.js';

/** What the hub's `X-Error-Code` says is missing. */
const missing: Readonly<Record<string, string>> = {
  RepoNotFound: 'the repository does not exist, or the token (HF_TOKEN) may not see it',
  RevisionNotFound: 'the repository has no such revision',
  EntryNotFound: 'the repository has no such file',
};

/** The error of an answer of the hub that is none of 2xx. Its body is read and let go. */
export async function hubErrorOf(response: Response): Promise<ModelJobError> {
  const { status, headers } = response;
  const place = new URL(response.url).pathname;
  const code = headers.get('x-error-code') ?? '';
  const said = headers.get('x-error-message') ?? (await messageIn(response));
  const answer = `the hub answered ${status} for \`${place}\`${said ? ` (${said})` : ''}`;
  if (status === 401 || status === 403) return denied(answer, code);
  if (status === 404) return new ModelJobError('NotFound', `${answer}: ${missing[code] ?? 'there is no such thing'}`);
  if (status === 416) return new ModelJobError('IntegrityError', `${answer}: the file is shorter than the hub said`);
  const passes = status === 408 || status === 429 || status >= 500;
  return new ModelJobError('Io', answer, { retryable: passes, details: { status, ...retryAfter(headers) } });
}

function denied(answer: string, code: string): ModelJobError {
  const advice =
    code === 'GatedRepo'
      ? 'the model is gated: ask for access on its page, and set HF_TOKEN on the worker'
      : 'set HF_TOKEN on the worker to a token that may read it';
  return new ModelJobError('PermissionDenied', `${answer}: ${advice}`);
}

function retryAfter(headers: Headers): { retryAfterMs?: number } {
  const text = headers.get('retry-after');
  if (text === null) return {};
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? { retryAfterMs: Math.max(ms, 0) } : {};
}

async function messageIn(response: Response): Promise<string> {
  const text = (await response.text().catch(() => '')).slice(0, 2000);
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error.slice(0, 200) : '';
  } catch {
    return '';
  }
}
