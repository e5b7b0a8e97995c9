import { ModelJobError } from '../../../planner/index.js';

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
  return `${withoutSlash(uri)}/`.startsWith(`${withoutSlash(root)}/`);
}

/** An object or prefix below another. */
export function belowS3(location: string, ...names: string[]): string {
  return [withoutSlash(location), ...names].join('/');
}

/** The name of an object as the source of a copy. */
export function copySource({ bucket, key }: S3Location): string {
  return [bucket, ...key.split('/').map(encodeURIComponent)].join('/');
}

function withoutSlash(location: string): string {
  return location.replace(/\/+$/, '');
}
