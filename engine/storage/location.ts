import { basename, dirname, join } from 'node:path';
import { ModelJobError } from '../../planner/index.js';

/** The parts of `s3://bucket/key`; the key may be empty. */
export interface S3Location {
  bucket: string;
  key: string;
}

/** Whether a location is on S3-compatible storage: `s3://…`. */
export function isS3(location: string): boolean {
  return /^s3:\/\//i.test(location);
}

/**
 * The parts of an S3 URI. Keys with empty, `.` or `..` parts are refused: gateways over a file system read them as
 * paths, and they would lead out of a root.
 *
 * @param field where the URI stands in the request, for the message
 * @throws ModelJobError `InvalidUri`
 */
export function parseS3(uri: string, field: string): S3Location {
  const [, bucket, key = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/is.exec(uri) ?? [];
  const parts = key.replace(/\/$/, '').split('/');
  const isSound = key === '' || parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (bucket !== undefined && isSound && !key.includes('\0')) return { bucket, key };
  throw new ModelJobError('InvalidUri', `${field}: \`${uri}\` is not of the form s3://bucket/key`);
}

/** Whether an S3 location is `root` or below it. */
export function isBelowS3(root: string, uri: string): boolean {
  return `${uri.replace(/\/+$/, '')}/`.startsWith(`${root.replace(/\/+$/, '')}/`);
}

/** A location below another: `below('s3://bucket/a', 'b')` is `s3://bucket/a/b`. */
export function below(location: string, ...names: string[]): string {
  return isS3(location) ? [location.replace(/\/+$/, ''), ...names].join('/') : join(location, ...names);
}

/** The folder that a location is in. */
export function parentOf(location: string): string {
  return isS3(location) ? location.slice(0, location.lastIndexOf('/')) : dirname(location);
}

/** The last part of a location: the name of a folder in the one that it is in. */
export function nameOf(location: string): string {
  return isS3(location) ? location.slice(location.lastIndexOf('/') + 1) : basename(location);
}

/** The folder and the name of a file's location; on S3 the folder is the bucket. */
export function splitLocation(location: string): { folder: string; name: string } {
  if (!isS3(location)) return { folder: dirname(location), name: basename(location) };
  const { bucket, key } = parseS3(location, 'location');
  return { folder: `s3://${bucket}`, name: key };
}

/** The name of an object as the source of a copy. */
export function copySource({ bucket, key }: S3Location): string {
  return [bucket, ...key.split('/').map(encodeURIComponent)].join('/');
}
