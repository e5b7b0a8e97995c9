import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { StorageScheme } from '../storage.js';
import { diskFolder } from './folder.js';
import { locatePath, pathOfUri } from './path.js';

/** This machine's disk: paths, and `file://` URIs for them. */
export const diskStorage: StorageScheme = {
  form: 'a path',
  owns: (location) => /^file:\/\//i.test(location) || !/^[a-z][a-z0-9+.-]+:\/\//i.test(location),
  root: (named) => resolve(named),
  locate: (named, walls, field) =>
    locatePath(/^file:\/\//i.test(named) ? pathOfUri(named, field) : named, walls, field),
  below: join,
  split: (location) => ({ folder: dirname(location), name: basename(location) }),
  parentOf: dirname,
  nameOf: (location) => basename(location),
  openFolder: diskFolder,
  async filesAt(location) {
    const facts = await stat(location).catch(() => undefined);
    if (!facts) return undefined;
    if (!facts.isDirectory()) return { isFolder: false, files: [{ location, sizeBytes: facts.size }] };
    const names = (await readdir(location)).sort();
    return { isFolder: true, files: names.map((name) => ({ location: join(location, name) })) };
  },
  async matching(pattern) {
    if (!isDynamicPattern(pattern)) return undefined;
    return (await glob(pattern, { absolute: true, onlyFiles: true, expandDirectories: false })).sort();
  },
};
