import type { HashAlgorithm } from './hub-file.js';

/** A header of an answer, by its name in lower case. */
export type Header = (name: string) => string | undefined;

/** A hash that an answer tells of a file: `id` in lowercase hex. */
export interface ToldHash {
  id: string;
  algorithms: readonly HashAlgorithm[];
}

/** What names a SHA-256 of the whole file: Artifactory, RFC 9530 and 3230, S3. */
const sha256Headers = ['x-checksum-sha256', 'repr-digest', 'digest', 'x-amz-checksum-sha256'];

/**
 * The best hash that the headers tell. A hub's etag is the SHA-256 of files in LFS, and git's blob id of others;
 * Artifactory's is a SHA-1, Nexus writes `{SHA1{…}}`. Anything else in an etag is the server's own affair.
 *
 * @returns undefined where they tell none
 */
export function hashIn(header: Header): ToldHash | undefined {
  const etag = idIn(header('x-linked-etag') ?? header('etag') ?? '');
  const sha256 = [...sha256Headers.map((name) => sha256In(header(name) ?? '')), etag].find((id) => isHex(id, 64));
  if (sha256 !== undefined) return { id: sha256, algorithms: ['sha256'] };
  const nexus = /^\{sha1\{([0-9a-f]{40})\}\}$/.exec(etag)?.[1];
  const sha1 = [header('x-checksum-sha1')?.trim().toLowerCase(), nexus].find((id) => isHex(id, 40));
  if (sha1 !== undefined) return { id: sha1, algorithms: ['sha1'] };
  return isHex(etag, 40) ? { id: etag, algorithms: ['git', 'sha1'] } : undefined;
}

/** A SHA-256 in hex, or in base64 as of `sha-256=:…:` and `sha-256=…`. */
function sha256In(value: string): string {
  const hex = value.trim().toLowerCase();
  if (isHex(hex, 64)) return hex;
  const base64 = /(?:^|[=:,\s])([A-Za-z0-9+/]{43}=)/.exec(/sha-?256\s*=\s*:?([^,]*)/i.exec(value)?.[1] ?? value)?.[1];
  return base64 === undefined ? '' : Buffer.from(base64, 'base64').toString('hex');
}

/** An etag without its weakness and quotes. */
function idIn(etag: string): string {
  return etag.trim().replace(/^W\//i, '').replaceAll('"', '').toLowerCase();
}

function isHex(id: string | undefined, length: number): id is string {
  return id?.length === length && /^[0-9a-f]+$/.test(id);
}
