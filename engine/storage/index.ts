import { diskFolder } from './disk-folder.js';
import { isS3, splitLocation } from './location.js';
import { s3Folder } from './s3-folder.js';
import type { StorageFolder } from './storage.js';

export { linksIn } from './disk-links.js';
export { below, isBelowS3, isS3, nameOf, parentOf, parseS3 } from './location.js';
export type { FileVersion, ReadOptions, StorageFolder, StoredFile } from './storage.js';

/**
 * Opens a folder of files; it need not exist.
 *
 * @param location an absolute path, or `s3://bucket/prefix`; checked against the roots by `PathGuard.location`
 */
export function openFolder(location: string): StorageFolder {
  return isS3(location) ? s3Folder(location) : diskFolder(location);
}

/** The folder and name of one file by its location, checked as above. */
export function openFile(location: string): { folder: StorageFolder; name: string } {
  const { folder, name } = splitLocation(location);
  return { folder: openFolder(folder), name };
}
