import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { belowS3, parseS3, type S3Location } from './location.js';
import { openS3 } from './client.js';
import { isMissing, s3Error } from './errors.js';
import { keepOriginal, linkObject } from './links.js';
import { readObject } from './read.js';
import type { FileVersion, ListedFile, StorageFolder, StoredFile } from '../storage.js';

/** Bytes of one part of an upload, and parts under way at once. S3 takes 10,000 parts: 160 GB. */
const partBytes = 16 << 20;
const partsAtOnce = 3;

/** A folder on S3-compatible storage: the objects whose keys begin with a prefix. */
export function s3Folder(uri: string): StorageFolder {
  const location = uri.replace(/\/+$/, '');
  const uriOf = (name: string): string => belowS3(location, name);
  const at = (name: string): S3Location => parseS3(uriOf(name), 'name');
  return {
    location,
    isLocal: false,
    uriOf,
    read: (name, options) => readObject(at(name), options),
    write: (name, data, signal) => writeObject(at(name), data, signal),
    async publish(path, name, signal) {
      const { uri: stored, sizeBytes } = await writeObject(at(name), createReadStream(path), signal);
      await rm(path, { force: true });
      return { uri: stored, sizeBytes };
    },
    async stat(name, signal) {
      const version = await versionOfObject(at(name), signal);
      return version && { sizeBytes: version.sizeBytes };
    },
    versionOf: (name, signal) => versionOfObject(at(name), signal),
    list: (prefix, signal) => listObjects(location, prefix, signal),
    link: (name, target, signal) => linkObject(at, name, target, signal),
    links: (likely) => Promise.resolve(likely),
    async unlink(name, signal) {
      await keepOriginal(at, name, signal);
      await removeObject(at(name), signal);
    },
    remove: (name, signal) => removeObject(at(name), signal),
  };
}

/** A small file is one request; a larger one is sent in parts, and is there when the last one is. */
async function writeObject(
  { bucket, key }: S3Location,
  data: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<StoredFile> {
  signal?.throwIfAborted();
  const uri = `s3://${bucket}/${key}`;
  const { client, Upload } = await openS3();
  const hash = createHash('sha256');
  let sizeBytes = 0;
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of data) {
      signal?.throwIfAborted();
      hash.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
  }
  const upload = new Upload({
    client,
    params: { Bucket: bucket, Key: key, Body: Readable.from(hashed(), { objectMode: false }) },
    partSize: partBytes,
    queueSize: partsAtOnce,
  });
  const abort = (): void => void upload.abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await upload.done();
  } catch (error) {
    throw s3Error(error, `writing ${uri}`, signal);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return { uri, sizeBytes, sha256: hash.digest('hex') };
}

async function versionOfObject({ bucket, key }: S3Location, signal?: AbortSignal): Promise<FileVersion | undefined> {
  const { client, HeadObjectCommand } = await openS3();
  try {
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
    const { ContentLength, ETag, VersionId } = await client.send(command, signal && { abortSignal: signal });
    return { sizeBytes: ContentLength ?? 0, etag: ETag, versionId: VersionId };
  } catch (error) {
    if (isMissing(error) && !signal?.aborted) return undefined;
    throw s3Error(error, `looking at s3://${bucket}/${key}`, signal);
  }
}

async function* listObjects(location: string, prefix: string, signal?: AbortSignal): AsyncGenerator<ListedFile> {
  const { client, paginateListObjectsV2 } = await openS3();
  const { bucket, key } = parseS3(`${location}/`, 'location');
  try {
    const pages = paginateListObjectsV2(
      { client },
      { Bucket: bucket, Prefix: `${key}${prefix}` },
      signal && { abortSignal: signal },
    );
    for await (const { Contents = [] } of pages) {
      for (const { Key, Size } of Contents) {
        if (Key !== undefined && !Key.endsWith('/')) yield { name: Key.slice(key.length), sizeBytes: Size ?? 0 };
      }
    }
  } catch (error) {
    throw s3Error(error, `listing ${location}/${prefix}`, signal);
  }
}

async function removeObject({ bucket, key }: S3Location, signal?: AbortSignal): Promise<void> {
  const { client, DeleteObjectCommand } = await openS3();
  try {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), signal && { abortSignal: signal });
  } catch (error) {
    if (!isMissing(error)) throw s3Error(error, `removing s3://${bucket}/${key}`, signal);
  }
}
