import { setTimeout as sleep } from 'node:timers/promises';
import { ModelJobError } from '../../../planner/index.js';
import { openS3 } from './client.js';
import { s3Error } from './errors.js';
import type { S3Location } from './location.js';
import type { ReadOptions } from '../storage.js';

/** Bytes of one request; one is under way while the one before is used. */
const rangeBytes = 8 << 20;

/** How often a range is asked for whose answer broke off; the SDK itself retries what has no answer. */
const attempts = 4;
const pauseMs = 200;

/** A piece of an object; `total` is the object's size, and `etag` its version. */
interface Piece {
  bytes: Buffer;
  total: number;
  etag: string | undefined;
}

interface Range {
  start: number;
  end: number;
  etag?: string | undefined;
  signal: AbortSignal | undefined;
}

/**
 * The bytes of an object, by requests for ranges of it: an answer that breaks off costs one range. Every piece is of
 * one version of the object.
 */
export async function* readObject(
  at: S3Location,
  { start = 0, end = Infinity, version, signal }: ReadOptions = {},
): AsyncGenerator<Buffer> {
  if (end <= start) return;
  const range = (from: number, until: number, etag?: string): Promise<Piece> => {
    const piece = readRange(at, { start: from, end: Math.min(from + rangeBytes, until), etag, signal });
    // It may fail while nobody waits for it yet, or after the reader went away.
    piece.catch(() => undefined);
    return piece;
  };
  let next: Promise<Piece> | undefined = range(start, end, version?.etag);
  for (let from = start; next !== undefined;) {
    const { bytes, total, etag }: Piece = await next;
    from += bytes.length;
    const until = Math.min(end, total);
    next = from < until && bytes.length > 0 ? range(from, until, etag) : undefined;
    if (bytes.length > 0) yield bytes;
  }
}

async function readRange(at: S3Location, range: Range): Promise<Piece> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await requestRange(at, range);
    } catch (error) {
      const fault = s3Error(error, `reading s3://${at.bucket}/${at.key}`, range.signal);
      const mayPass = fault instanceof ModelJobError && fault.retryable;
      if (!mayPass || attempt >= attempts) throw fault;
      await sleep(pauseMs * 2 ** attempt, undefined, range.signal && { signal: range.signal });
    }
  }
}

async function requestRange({ bucket, key }: S3Location, { start, end, etag, signal }: Range): Promise<Piece> {
  const { client, GetObjectCommand } = await openS3();
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    Range: `bytes=${start}-${end - 1}`,
    ...(etag !== undefined && { IfMatch: etag }),
  });
  try {
    const answer = await client.send(command, signal && { abortSignal: signal });
    const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
    const total = Number(answer.ContentRange?.split('/')[1] ?? start + bytes.length);
    return { bytes, total, etag: answer.ETag };
  } catch (error) {
    // An empty object has no first byte.
    if (error instanceof Error && error.name === 'InvalidRange') {
      return { bytes: Buffer.alloc(0), total: start, etag: undefined };
    }
    throw error;
  }
}
