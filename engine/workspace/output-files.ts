import { realpath, stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { ArtifactKind } from '../../planner/index.js';
import { isInside } from '../../system/files/contained.js';

/** Media types of what models make, by the ending of the name. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.avi': 'video/x-msvideo',
  '.bmp': 'image/bmp',
  '.csv': 'text/csv',
  '.flac': 'audio/flac',
  '.gif': 'image/gif',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.log': 'text/plain',
  '.lrc': 'text/plain',
  '.m4a': 'audio/mp4',
  '.md': 'text/markdown',
  '.mkv': 'video/x-matroska',
  '.mov': 'video/quicktime',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/opus',
  '.png': 'image/png',
  '.srt': 'application/x-subrip',
  '.svg': 'image/svg+xml',
  '.tar': 'application/x-tar',
  '.tiff': 'image/tiff',
  '.txt': 'text/plain',
  '.vtt': 'text/vtt',
  '.wav': 'audio/wav',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
};

const unknownType = 'application/octet-stream';

/** The media type of a file by the ending of its name; `application/octet-stream` where that says nothing. */
export function mediaTypeOf(path: string): string {
  return mediaTypes[extname(path).toLowerCase()] ?? unknownType;
}

/** The artifact kind of a media type. */
export function kindOfMediaType(mediaType: string): ArtifactKind {
  const [type = '', subtype = ''] = mediaType.toLowerCase().split(/[/;]/);
  if (type === 'image' || type === 'audio' || type === 'video' || type === 'text') return type;
  if (/^(?:json|jsonl|x-ndjson)$|\+json$/.test(subtype)) return 'json';
  if (/^(?:zip|gzip|x-tar|x-7z-compressed)$/.test(subtype)) return 'archive';
  return subtype === 'x-subrip' || subtype === 'xml' ? 'text' : 'file';
}

/**
 * The file that a program says it made in its folder.
 *
 * @param path absolute, or relative to the folder
 * @returns its absolute path; undefined for what is no regular file inside the folder, links resolved
 */
export async function fileInFolder(folder: string, path: string): Promise<string | undefined> {
  if (path.includes('\0')) return undefined;
  const named = resolve(folder, path);
  try {
    const [real, root, { isFile }] = await Promise.all([realpath(named), realpath(folder), statOf(named)]);
    return isFile && isInside(root, real) && isInside(folder, named) ? named : undefined;
  } catch {
    return undefined;
  }
}

async function statOf(path: string): Promise<{ isFile: boolean }> {
  return { isFile: (await stat(path)).isFile() };
}
