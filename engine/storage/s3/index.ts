import type { StorageScheme, StoredAt } from '../storage.js';
import { s3Folder } from './folder.js';
import { belowS3, isBelowS3, isS3, parseS3 } from './location.js';

/** S3-compatible storage. A location that ends with `/` is a folder: the objects right below that prefix. */
export const s3Storage: StorageScheme = {
  form: 's3://bucket/key',
  owns: isS3,
  root: (named) => named,
  locate(named, { roots }, field) {
    const { bucket, key } = parseS3(named, field);
    const location = `s3://${bucket}/${key}`;
    return Promise.resolve(roots.some((root) => isBelowS3(root, location)) ? location : undefined);
  },
  below: belowS3,
  split(location) {
    const { bucket, key } = parseS3(location, 'location');
    return { folder: `s3://${bucket}`, name: key };
  },
  parentOf: (location) => location.slice(0, location.lastIndexOf('/')),
  nameOf: (location) => location.slice(location.lastIndexOf('/') + 1),
  openFolder: s3Folder,
  async filesAt(location, signal) {
    if (location.endsWith('/')) return { isFolder: true, files: await objectsRightBelow(location, signal) };
    const { folder, name } = s3Storage.split(location);
    const found = await s3Folder(folder).stat(name, signal);
    return found && { isFolder: false, files: [{ location, ...found }] };
  },
};

async function objectsRightBelow(location: string, signal: AbortSignal): Promise<StoredAt[]> {
  const folder = s3Folder(location);
  const files: StoredAt[] = [];
  for await (const { name, sizeBytes } of folder.list('', signal)) {
    if (!name.includes('/')) files.push({ location: folder.uriOf(name), sizeBytes });
  }
  return files.sort((left, right) => (left.location < right.location ? -1 : 1));
}
