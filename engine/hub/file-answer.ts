import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { ModelJobError } from '../../planner/index.js';
import type { ByteRange } from './byte-range.js';
import type { HubFile } from './hub-file.js';

/** An answer with bytes of a file, and the address that gave it after all redirects. */
export type FileAnswer = Dispatcher.ResponseData & { url: URL };

/** The longest answer that is read though it is not what was asked for, in bytes. */
const pageBytes = 1024;

/** What an answer turned out to be. */
export type AnswerKind =
  /** The bytes that were asked for, and no others. */
  | 'bytes'
  /** The whole file, encoded on its way though that was not asked for (Cloudflare, nginx). */
  | 'encoded'
  /** Not a range: the host serves whole files alone, or does not say what it sends (RFC 9110, 14.2). */
  | 'rangeless'
  /** So short that it is worth reading for what it is. */
  | 'page';

/**
 * Holds an answer against what was asked for, before a byte of it is used. Lengths and hashes of the bytes decide later.
 *
 * @throws ModelJobError `IntegrityError` for other bytes than those
 */
export function kindOfAnswer(file: HubFile, range: ByteRange, answer: FileAnswer): AnswerKind {
  const { statusCode, headers, url } = answer;
  const unfit = (what: string): ModelJobError =>
    new ModelJobError('IntegrityError', `${url.host} sent ${what} for \`${file.path}\``);
  const type = String(headers['content-type'] ?? '');
  if (/^text\/html\b/i.test(type) && !/\.html?$/i.test(file.path)) throw unfit('an HTML page');
  const whole = isWhole(file, range);
  if (encodingOf(answer) !== 'identity') return whole ? 'encoded' : 'rangeless';
  const found = headers['content-range'];
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  if (!whole && (statusCode !== 206 || found === undefined)) {
    if (length === undefined || length === file.size || length === range.end - range.start) return 'rangeless';
    if (length <= pageBytes) return 'page';
    throw unfit(`${length} bytes and no range`);
  }
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(String(found ?? '')) ?? [];
  const fits =
    Number(first) === range.start && Number(last) === range.end - 1 && (total === '*' || Number(total) === file.size);
  if (found !== undefined && !fits) {
    throw unfit(`range \`${String(found)}\` instead of \`bytes ${range.start}-${range.end - 1}/${file.size}\``);
  }
  if (length !== undefined && length !== range.end - range.start) {
    if (length <= pageBytes) return 'page';
    throw unfit(`${length} bytes instead of ${range.end - range.start}`);
  }
  return 'bytes';
}

/** The bytes of an answer, decoded. */
export function bodyOf(answer: FileAnswer): Readable {
  const { body } = answer;
  const decoder = decoderOf(encodingOf(answer));
  if (!decoder) return body;
  body.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => body.destroy());
  return body.pipe(decoder);
}

function decoderOf(encoding: string): Transform | undefined {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  if (encoding === 'br') return createBrotliDecompress();
  return undefined;
}

function encodingOf({ headers, url }: FileAnswer): string {
  const encoding =
    String(headers['content-encoding'] ?? 'identity')
      .trim()
      .toLowerCase() || 'identity';
  if (/^(?:identity|gzip|x-gzip|deflate|br)$/.test(encoding)) return encoding;
  throw new ModelJobError('IntegrityError', `${url.host} sent encoding ${encoding}, which was not asked for`);
}

/** The etag of an answer, as it stands there; that of the file where a redirect names it. */
export function etagOf({ headers }: FileAnswer): string | undefined {
  return [headers['x-linked-etag'] ?? headers.etag].flat()[0];
}

/** Whether a range is the whole file: that is asked for without naming a range. */
export function isWhole({ size }: HubFile, { start, end }: ByteRange): boolean {
  return start === 0 && end === size;
}
