import { request, type Dispatcher } from 'undici';
import { ModelJobError } from '../../planner/index.js';
import { BeginAnew } from './begin-anew.js';
import type { ByteRange, Sink } from './byte-range.js';
import type { HubConfig } from './config.js';
import { bodyOf, etagOf, isWhole, judgeAnswer, type FileAnswer } from './file-answer.js';
import type { HubHttp } from './http.js';
import { fileUrl, type HubFile } from './hub-file.js';
import { hubErrorOf, messageIn } from './hub-errors.js';
import { headersFor, refuseOffline } from './hub-fetch.js';
import { readBody } from './read-body.js';
import { asHubError } from './retry.js';
import { strayAnswer } from './stray-answer.js';
import { StubbornFault } from './stubborn-fault.js';

/** Redirects that one request follows. */
const maxRedirects = 10;

/** Bytes of a refusal that are read for its reason. */
const reasonBytes = 2000;

/** Reads parts of the files of one commit. */
export interface RangeReader {
  /** Whether parts of files are served; known to be false once a host has sent something else. */
  servesRanges(): boolean;
  /**
   * Reads a range over one connection, and hands it on as it comes: never a byte more than was asked for.
   *
   * @throws ModelJobError `Io` for faults of the network, `IntegrityError` for an answer that is not that range,
   *   `PermissionDenied`, `NotFound`; BeginAnew where the file must be read from its beginning
   */
  read(file: HubFile, range: ByteRange, sink: Sink, signal: AbortSignal): Promise<void>;
}

export interface RangeReaderOptions {
  hub: HubConfig;
  http: HubHttp;
  repoId: string;
  commit: string;
}

/**
 * A reader over the hub and the hosts that it redirects to. A redirect's target (a signed link) is asked directly for
 * the file's further ranges; when it has expired the hub is asked again.
 */
export function createRangeReader({ hub, http, repoId, commit }: RangeReaderOptions): RangeReader {
  const links = new Map<string, URL>();
  const etags = new EtagBook();
  const origin = new URL(hub.endpoint).origin;
  const { firstByteMs, stallMs } = hub.timeouts;
  // Who reads a body watches its speed.
  const options = { dispatcher: http.dispatcher, headersTimeout: firstByteMs, bodyTimeout: 0 };
  let servesRanges = true;

  const read: RangeReader['read'] = async (file, range, sink, signal) => {
    for (let at = range.start; at < range.end;) at = await readOnce(file, { start: at, end: range.end }, sink, signal);
  };
  const rangeless = (file: HubFile, url: URL): BeginAnew => {
    servesRanges = false;
    return new BeginAnew(`${url.host} sends no ranges of \`${file.path}\``);
  };

  /** @returns where the bytes that came end */
  async function readOnce(file: HubFile, range: ByteRange, sink: Sink, signal: AbortSignal): Promise<number> {
    const hubUrl = fileUrl(hub.endpoint, repoId, commit, file.path);
    refuseOffline(hub, hubUrl);
    const answer = await open(file, range, links.get(file.path) ?? hubUrl, signal);
    try {
      const judged = judgeAnswer(file, range, answer);
      if (judged.kind === 'page') throw await strayPage(file, answer);
      if (judged.kind === 'rangeless') throw rangeless(file, answer.url);
      if (!isWhole(file, range)) etags.check(file, answer);
      const place = `${answer.url.host} broke off \`${file.path}\``;
      const length = judged.end - range.start;
      await readBody(bodyOf(file, answer), { length, place, timeoutMs: stallMs, sink });
      return judged.end;
    } finally {
      // Unread bytes of a refused answer are not worth reading; with nobody to hear of it, an error would end the worker.
      answer.body.on('error', () => undefined).destroy();
    }
  }
  return { read, servesRanges: () => servesRanges };

  /** Follows redirects by itself, for the token must stay with the hub and the last link is worth keeping. */
  async function open(file: HubFile, range: ByteRange, from: URL, signal: AbortSignal): Promise<FileAnswer> {
    let url = from;
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const headers = { ...headersFor(hub, url), ...rangeHeader(file, range) };
      const answer = await request(url, { ...options, headers, signal }).catch((error: unknown) => {
        throw asHubError(error, `${url.host} can't be reached`);
      });
      const { statusCode } = answer;
      // 203: a proxy on the way has changed something; the hash decides.
      if ([200, 203, 206].includes(statusCode)) return Object.assign(answer, { url });
      const { location } = answer.headers;
      if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
        await answer.body.dump();
        url = targetOf(location, url, file);
        if (url.origin !== origin) links.set(file.path, url);
        continue;
      }
      throw await refusal(file, { url, isFresh: redirects > 0 }, answer);
    }
    throw new ModelJobError('Io', `${url.host} redirects \`${file.path}\` for ever`, { retryable: false });
  }

  async function refusal(
    file: HubFile,
    { url, isFresh }: { url: URL; isFresh: boolean },
    { statusCode: status, headers, body }: Dispatcher.ResponseData,
  ): Promise<ModelJobError> {
    const text = (await body.text().catch(() => '')).slice(0, reasonBytes);
    links.delete(file.path);
    if (url.origin !== origin && status >= 400 && status < 500 && status !== 408 && status !== 429) {
      const answered = `${url.host} answered ${status}${messageIn(text) ? ` (${messageIn(text)})` : ''}`;
      return isFresh
        ? new StubbornFault('PermissionDenied', `the hub's new link to \`${file.path}\` is refused: ${answered}`)
        : new ModelJobError('Io', `the link to \`${file.path}\` has expired: ${answered}`);
    }
    const header = (name: string): string | null => [headers[name]].flat()[0] ?? null;
    // Of a file that is as long as it should be: this host refuses ranges as such.
    if (status === 416 && Number(/\/(\d+)/.exec(header('content-range') ?? '')?.[1] ?? file.size) === file.size) {
      return rangeless(file, url);
    }
    return hubErrorOf({ status, url, header, text }, hub);
  }
}

/** An answer that is something else than the file, and so short that it says what. */
async function strayPage(file: HubFile, answer: FileAnswer): Promise<ModelJobError> {
  const text = await answer.body.text().catch(() => '');
  const what = strayAnswer(text) ?? `${Buffer.byteLength(text)} bytes that are not what was asked for,`;
  return new ModelJobError('IntegrityError', `${answer.url.host} sent ${what} for \`${file.path}\``);
}

function targetOf(location: string, url: URL, file: HubFile): URL {
  const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (target && /^https?:$/.test(target.protocol)) return target;
  throw new ModelJobError('Io', `${url.host} redirects \`${file.path}\` to no address`, { retryable: false });
}

/**
 * A host's etags are its own, and tell one thing alone: that a file has changed between two of its parts. Which part was
 * wrong is not known then; and hosts that stand for each other may differ for ever. So it counts once for each file: the
 * hash decides.
 */
class EtagBook {
  readonly #etags = new Map<string, string>();
  readonly #changed = new Set<string>();

  /** @throws BeginAnew at the first change of a file */
  check(file: HubFile, answer: FileAnswer): void {
    const etag = etagOf(answer);
    const key = `${answer.url.host} ${file.path}`;
    if (etag === undefined || this.#changed.has(key)) return;
    const before = this.#etags.get(key) ?? etag;
    this.#etags.set(key, before);
    if (before === etag) return;
    this.#changed.add(key);
    throw new BeginAnew(
      `${answer.url.host} sent parts of two files for \`${file.path}\` (etags ${before} and ${etag})`,
    );
  }
}

function rangeHeader(file: HubFile, range: ByteRange): { range?: string } {
  return isWhole(file, range) ? {} : { range: `bytes=${range.start}-${range.end - 1}` };
}
