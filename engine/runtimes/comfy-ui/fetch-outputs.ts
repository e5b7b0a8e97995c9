import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { ModelJobError, safeName, type JsonValue } from '../../../planner/index.js';
import type { RunOptions } from '../../models/contract/model-runtime.js';
import { kindOfMediaType, mediaTypeOf } from '../../workspace/output-files.js';
import type { HistoryEntry, ServerFile } from './answers.js';
import type { ComfyApi } from './api.js';

/**
 * Brings the files that a prompt made into `folder`.
 *
 * @returns the outputs by node as the server's history has them, each file with its local `uri` and its `mediaType`
 * @throws ModelJobError `StateUnavailable` for a file that does not come whole
 */
export async function fetchOutputs(
  api: ComfyApi,
  { outputs }: HistoryEntry,
  folder: string,
  options: RunOptions,
): Promise<JsonValue> {
  const fetched: Record<string, JsonValue> = {};
  const names = new Set<string>();
  for (const [node, lists] of Object.entries(outputs)) {
    const own: Record<string, JsonValue> = {};
    for (const [name, list] of Object.entries(lists)) {
      own[name] = Array.isArray(list) ? [] : list;
      for (const item of Array.isArray(list) ? list : []) {
        const file = serverFile(item);
        const local = file && (await fetchFile(api, file, join(folder, localName(node, file, names)), options));
        (own[name] as JsonValue[]).push(local ? { ...(item as object), ...local } : item);
      }
    }
    fetched[node] = own;
  }
  return fetched;
}

/** A file among a node's outputs: whatever has a name, under `images`, `gifs`, `audio` or another key. */
function serverFile(item: JsonValue): ServerFile | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const { filename, subfolder = '', type = 'output' } = item;
  if (typeof filename !== 'string' || typeof subfolder !== 'string' || typeof type !== 'string') return undefined;
  return { filename, subfolder, type };
}

/** A name of our own making: the server's may hold anything. */
function localName(node: string, { filename, subfolder }: ServerFile, taken: Set<string>): string {
  const plain = [node, subfolder, filename]
    .filter((part) => part !== '')
    .map((part) => safeName(part).replace(/^\.+/, '_'))
    .join('-')
    .slice(-200);
  let name = plain;
  for (let copy = 2; taken.has(name); copy++) name = `${copy}-${plain}`;
  taken.add(name);
  return name;
}

async function fetchFile(
  api: ComfyApi,
  file: ServerFile,
  path: string,
  { signal, addFile }: RunOptions,
): Promise<{ uri: string; mediaType: string }> {
  const response = await api.view(file, signal);
  await mkdir(join(path, '..'), { recursive: true });
  const temporary = `${path}.part`;
  try {
    // undici's stream is Node's, whatever the types of the two say.
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(body, createWriteStream(temporary), { signal });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    signal.throwIfAborted();
    const detail = `\`${file.filename}\` did not come whole from ComfyUI at ${api.address}`;
    throw new ModelJobError('StateUnavailable', detail, { cause: error });
  }
  const mediaType = typeOf(file.filename, response.headers.get('content-type'));
  addFile({ path, kind: kindOfMediaType(mediaType), mediaType });
  return { uri: pathToFileURL(path).href, mediaType };
}

/** By the name, else as the server says: it serves some files as bytes on purpose. */
function typeOf(filename: string, header: string | null): string {
  const known = mediaTypeOf(filename);
  const said = header?.split(';')[0]?.trim();
  return known === 'application/octet-stream' && said ? said : known;
}
