import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { ModelJobError } from '../../planner/index.js';
import type { ByteRange } from './byte-range.js';
import { codingsIn, decoded } from './content-coding.js';
import type { HubFile } from './hub-file.js';

/** An answer with bytes of a file, and the address that gave it after all redirects. */
export type FileAnswer = Dispatcher.ResponseData & { url: URL };

/** The longest answer that is read though it is not what was asked for, in bytes. */
const pageBytes = 1024;

/** What an answer turned out to be. */
export type JudgedAnswer =
  /** Bytes from where they were asked for up to `end`: a server may send less than the range (RFC 9110, 15.3.7). */
  | { kind: 'bytes'; end: number }
  /** Not a range: the host serves whole files alone, or does not say what it sends (RFC 9110, 14.2). */
  | { kind: 'rangeless' }
  /** So short that it is worth reading for what it is. */
  | { kind: 'page' };

/**
 * Holds an answer against what was asked for, before a byte of it is used. Lengths and hashes of the bytes decide later.
 *
 * @throws ModelJobError `IntegrityError` for other bytes than those
 */
export function judgeAnswer(file: HubFile, range: ByteRange, answer: FileAnswer): JudgedAnswer {
  const { statusCode, headers, url } = answer;
  const unfit = (what: string): ModelJobError =>
    new ModelJobError('IntegrityError', `${url.host} sent ${what} for \`${file.path}\``);
  const type = String(headers['content-type'] ?? '');
  if (/^text\/html\b/i.test(type) && !/\.html?$/i.test(file.path)) throw unfit('an HTML page');
  const whole = isWhole(file, range);
  if (codingsOf(file, answer).length > 0) return whole ? { kind: 'bytes', end: range.end } : { kind: 'rangeless' };
  const found = headers['content-range'];
  const length = lengthOf(answer);
  if (!whole && (statusCode !== 206 || found === undefined)) {
    if (length !== undefined && length <= pageBytes) return { kind: 'page' };
    // More than one part, or a part that does not say which.
    if (statusCode === 206 || length === undefined || length === file.size) return { kind: 'rangeless' };
    throw unfit(`${length} bytes and no range`);
  }
  const end = found === undefined ? range.end : endOf(String(found), file, range);
  if (end === undefined) {
    throw unfit(`range \`${String(found)}\` instead of \`bytes ${range.start}-${range.end - 1}/${file.size}\``);
  }
  if (length !== undefined && length !== end - range.start) {
    if (length <= pageBytes) return { kind: 'page' };
    throw unfit(`${length} bytes instead of ${end - range.start}`);
  }
  return { kind: 'bytes', end };
}

/** Where the bytes of a range end that begins as it was asked for, and goes no further; the total may be unknown. */
function endOf(contentRange: string, file: HubFile, range: ByteRange): number | undefined {
  const [, first, last, total] = /^\s*bytes[\s=]+(\d+)\s*-\s*(\d+)\s*\/\s*(\d+|\*)\s*$/i.exec(contentRange) ?? [];
  const end = Number(last ?? NaN) + 1;
  if (Number(first) !== range.start || !(end > range.start && end <= range.end)) return undefined;
  if (isWhole(file, range) && end !== range.end) return undefined;
  return total === '*' || Number(total) === file.size ? end : undefined;
}

/** The bytes of an answer, decoded. */
export function bodyOf(file: HubFile, answer: FileAnswer): Readable {
  return decoded(answer.body, codingsOf(file, answer));
}

/**
 * How an answer is encoded though that was not asked for (Cloudflare, nginx). A server may say of a file that is
 * compressed itself, as `vocab.json.gz`, that it sends it so (Apache's `AddEncoding`): its bytes are the file's.
 */
function codingsOf(file: HubFile, answer: FileAnswer): string[] {
  const { headers } = answer;
  const codings = codingsIn([headers['content-encoding']].flat().join(','));
  const total = /\/(\d+)\s*$/.exec(String(headers['content-range'] ?? ''))?.[1] ?? lengthOf(answer);
  const isOwn = total === undefined ? /\.t?gz$/i.test(file.path) : Number(total) === file.size;
  return isOwn ? [] : codings;
}

function lengthOf({ headers }: FileAnswer): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/** The etag of an answer, as it stands there; that of the file where a redirect names it. */
export function etagOf({ headers }: FileAnswer): string | undefined {
  return [headers['x-linked-etag'] ?? headers.etag].flat()[0];
}

/** Whether a range is the whole file: that is asked for without naming a range. */
export function isWhole({ size }: HubFile, { start, end }: ByteRange): boolean {
  return start === 0 && end === size;
}
