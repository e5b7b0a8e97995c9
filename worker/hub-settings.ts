import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { HubConfig } from '../engine/hub/config.js';
import { ModelJobError } from '../planner/index.js';

/** What Python's tools take for true (`huggingface_hub/constants.py`); anything else is false. */
const flag = z.string().transform(isTrue).optional();

/** Longest time that Node's timers can count, in seconds. */
const mostSeconds = 2_147_483;

const seconds = z.coerce.number().min(0).max(mostSeconds).optional();

/** The variables of the Hugging Face tools that a worker reads, old names included. */
export const hubEnvironment = {
  HF_ENDPOINT: z.string().optional(),
  HF_TOKEN: z.string().optional(),
  HUGGING_FACE_HUB_TOKEN: z.string().optional(),
  HF_TOKEN_PATH: z.string().optional(),
  HF_HUB_DISABLE_IMPLICIT_TOKEN: flag,
  XDG_CACHE_HOME: z.string().optional(),
  HF_HOME: z.string().optional(),
  HF_HUB_CACHE: z.string().optional(),
  HUGGINGFACE_HUB_CACHE: z.string().optional(),
  HF_HUB_OFFLINE: flag,
  TRANSFORMERS_OFFLINE: flag,
  HF_HUB_ETAG_TIMEOUT: seconds,
  HF_HUB_DOWNLOAD_TIMEOUT: seconds,
};

type HubEnvironment = z.output<z.ZodObject<typeof hubEnvironment>>;

/** How long an answer may take to begin where the environment says nothing, in seconds. */
const defaultSeconds = 20;

/** The longest that a body may bring next to nothing, in seconds: patience for a first byte is none for the next ones. */
const mostStallSeconds = 600;

/**
 * The hub, its cache and its token, found as Python's `huggingface_hub` finds them (`constants.py`, `utils/_auth.py`).
 * Not read: tokens that a CI provider exchanges (`HF_OIDC_RESOURCE`), and Colab's.
 *
 * @param env for the `$VARIABLES` in paths
 * @throws ModelJobError `InvalidArgument` for an address or a token that no request can carry; no secret stands in it
 */
export function readHubSettings(
  values: HubEnvironment,
  env: NodeJS.ProcessEnv,
): Omit<HubConfig, 'maxConnections' | 'refuseUnverified'> {
  const path = (text: string): string => resolve(expandPath(text, env));
  const home = path(homeOf(values));
  const { endpoint, credentials } = endpointOf(values.HF_ENDPOINT ?? 'https://huggingface.co');
  const download = values.HF_HUB_DOWNLOAD_TIMEOUT || defaultSeconds;
  return {
    endpoint,
    ...authorizationOf(credentials, () => tokenOf(values, hubTokenFile(values, env))),
    cacheDir: path(values.HF_HUB_CACHE ?? values.HUGGINGFACE_HUB_CACHE ?? join(home, 'hub')),
    offline: values.HF_HUB_OFFLINE ?? values.TRANSFORMERS_OFFLINE ?? false,
    timeouts: {
      metadataMs: (values.HF_HUB_ETAG_TIMEOUT || defaultSeconds) * 1000,
      firstByteMs: download * 1000,
      stallMs: Math.min(download, mostStallSeconds) * 1000,
    },
  };
}

/** Where the hub's token is, if it is in a file. */
export function hubTokenFile(values: HubEnvironment, env: NodeJS.ProcessEnv): string {
  return resolve(expandPath(values.HF_TOKEN_PATH ?? join(homeOf(values), 'token'), env));
}

/** Where the Hugging Face tools keep what is theirs, as it is written. */
function homeOf(values: HubEnvironment): string {
  return values.HF_HOME ?? join(values.XDG_CACHE_HOME ?? '~/.cache', 'huggingface');
}

/** An address without its user and password, which must stand in no message. */
function endpointOf(text: string): { endpoint: string; credentials?: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    const shown = text.replace(/\/\/[^/]*@/, '//…@');
    const expected = 'HF_ENDPOINT: expected an address such as "https://huggingface.co"';
    throw new ModelJobError('InvalidArgument', `${expected}, received "${shown}"`);
  }
  const credentials = [url.username, url.password].map(decodeURIComponent).join(':');
  url.username = '';
  url.password = '';
  const endpoint = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  return credentials === ':' ? { endpoint } : { endpoint, credentials };
}

/** As Python's HTTP client has it, the address's own user goes before a token. */
function authorizationOf(credentials: string | undefined, token: () => string | undefined): Pick<HubConfig, 'auth'> {
  if (credentials !== undefined) {
    return { auth: { scheme: 'Basic', value: Buffer.from(credentials).toString('base64') } };
  }
  const value = token();
  return value === undefined ? {} : { auth: { scheme: 'Bearer', value } };
}

function tokenOf(values: HubEnvironment, file: string): string | undefined {
  if (values.HF_HUB_DISABLE_IMPLICIT_TOKEN) return undefined;
  const token = clean(values.HF_TOKEN ?? values.HUGGING_FACE_HUB_TOKEN) ?? clean(textOf(file));
  if (token === undefined || /^[\x21-\x7e]+$/.test(token)) return token;
  throw new ModelJobError('InvalidArgument', 'the token of the hub (HF_TOKEN) has characters that no header can carry');
}

/** Secrets in Kubernetes often end with a newline. */
function clean(token: string | undefined): string | undefined {
  const text = token?.replaceAll(/[\r\n]/g, '').trim();
  return text === '' ? undefined : text;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** `~` and `$NAME` or `${NAME}` as a shell has them; a name that is not set stays as it is (`os.path.expandvars`). */
function expandPath(text: string, env: NodeJS.ProcessEnv): string {
  const atHome = text === '~' || text.startsWith('~/') ? `${env['HOME'] ?? homedir()}${text.slice(1)}` : text;
  return atHome.replaceAll(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, plain?: string, braced?: string) => {
    return env[plain ?? braced ?? ''] ?? whole;
  });
}

function isTrue(text: string): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes(text.toUpperCase());
}
