import { request, type Dispatcher } from 'undici';
import { ModelJobError } from '../../planner/index.js';
import type { HubConfig } from './config.js';
import type { ByteRange, Sink } from './byte-range.js';
import type { HubHttp } from './http.js';
import { fileUrl, type HubFile } from './hub-client.js';
import { hubErrorOf } from './hub-errors.js';
import { headersFor, refuseOffline } from './hub-fetch.js';
import { readBody } from './read-body.js';
import { asHubError } from './retry.js';

/** Redirects that one request follows. */
const maxRedirects = 5;

/** Reads parts of the files of one commit. */
export interface RangeReader {
  /**
   * Reads a range over one connection, and hands it on as it comes: never a byte more than was asked for.
   *
   * @throws ModelJobError `Io` for faults of the network, `IntegrityError` for an answer that is not that range,
   *   `PermissionDenied`, `NotFound`
   */
  read(file: HubFile, range: ByteRange, sink: Sink, signal: AbortSignal): Promise<void>;
}

export interface RangeReaderOptions {
  hub: HubConfig;
  http: HubHttp;
  repoId: string;
  commit: string;
}

type Answer = Dispatcher.ResponseData & { url: URL };

/**
 * A reader over the hub and the hosts that it redirects to. A redirect's target (a signed link) is asked directly for
 * the file's further ranges; when it has expired the hub is asked again.
 */
export function createRangeReader({ hub, http, repoId, commit }: RangeReaderOptions): RangeReader {
  const links = new Map<string, URL>();
  const etags = new Map<string, string>();
  const origin = new URL(hub.endpoint).origin;
  // Who reads a body watches its speed.
  const options = { dispatcher: http.dispatcher, bodyTimeout: 0 };

  const read: RangeReader['read'] = async (file, range, sink, signal) => {
    const hubUrl = fileUrl(hub.endpoint, repoId, commit, file.path);
    refuseOffline(hub, hubUrl);
    const answer = await open(file, range, links.get(file.path) ?? hubUrl, signal);
    try {
      checkAnswer(file, range, answer);
      const place = `the hub broke off \`${file.path}\``;
      await readBody(answer.body, { length: range.end - range.start, place, timeoutMs: hub.timeoutMs, sink });
    } finally {
      // Unread bytes of a refused answer are not worth reading; with nobody to hear of it, an error would end the worker.
      answer.body.on('error', () => undefined).destroy();
    }
  };
  return { read };

  /** Follows redirects by itself, for the token must stay with the hub and the last link is worth keeping. */
  async function open(file: HubFile, range: ByteRange, from: URL, signal: AbortSignal): Promise<Answer> {
    let url = from;
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const headers = { ...headersFor(hub, url), ...rangeHeader(file, range) };
      const answer = await request(url, { ...options, headers, signal }).catch((error: unknown) => {
        throw asHubError(error, `${url.host} can't be reached`);
      });
      const { statusCode } = answer;
      if (statusCode === 200 || statusCode === 206) return Object.assign(answer, { url });
      const { location } = answer.headers;
      if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
        await answer.body.dump();
        url = new URL(location, url);
        if (url.origin !== origin) links.set(file.path, url);
        continue;
      }
      throw await refusal(file, url, answer);
    }
    throw new ModelJobError('Io', `the hub redirected \`${file.path}\` more than ${maxRedirects} times`);
  }

  async function refusal(file: HubFile, url: URL, { statusCode, headers, body }: Dispatcher.ResponseData) {
    const text = (await body.text().catch(() => '')).slice(0, 2000);
    links.delete(file.path);
    if (url.origin !== origin && statusCode >= 400 && statusCode < 500 && statusCode !== 429) {
      return new ModelJobError('Io', `the link to \`${file.path}\` has expired: ${url.host} answered ${statusCode}`);
    }
    const header = (name: string): string | null => [headers[name]].flat()[0] ?? null;
    return hubErrorOf({ status: statusCode, url, header, text }, hub);
  }

  /** Refuses an answer that is not what was asked for, before a byte of it is used. */
  function checkAnswer(file: HubFile, range: ByteRange, { statusCode, headers, url }: Answer): void {
    const unfit = (what: string): ModelJobError =>
      new ModelJobError('IntegrityError', `the hub sent ${what} for \`${file.path}\``);
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw unfit(`encoding ${String(encoding)}`);
    const whole = isWhole(file, range);
    const expected = whole ? undefined : `bytes ${range.start}-${range.end - 1}/${file.size}`;
    const found = headers['content-range'];
    if (found !== expected || (!whole && statusCode !== 206)) {
      throw unfit(`range \`${String(found ?? 'none')}\` instead of \`${expected ?? 'none'}\``);
    }
    const length = headers['content-length'];
    if (length !== undefined && Number(length) !== range.end - range.start) {
      throw unfit(`${String(length)} bytes instead of ${range.end - range.start}`);
    }
    checkEtag(file, url, headers, unfit);
  }

  /** The hub's own etag names the blob; another host's must stay the same over all ranges. */
  function checkEtag(
    file: HubFile,
    url: URL,
    headers: Dispatcher.ResponseData['headers'],
    unfit: (what: string) => ModelJobError,
  ): void {
    const etag = [headers['x-linked-etag'] ?? headers.etag].flat()[0]?.replace(/^W\//, '').replaceAll('"', '');
    if (etag === undefined) return;
    const key = `${url.origin} ${file.path}`;
    const expected = url.origin === origin ? file.etag : (etags.get(key) ?? etag);
    if (etag !== expected) throw unfit(`another file (etag ${etag}, expected ${expected})`);
    etags.set(key, etag);
  }
}

function isWhole({ size }: HubFile, { start, end }: ByteRange): boolean {
  return start === 0 && end === size;
}

function rangeHeader(file: HubFile, range: ByteRange): { range?: string } {
  return isWhole(file, range) ? {} : { range: `bytes=${range.start}-${range.end - 1}` };
}
