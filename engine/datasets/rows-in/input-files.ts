import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDynamicPattern, glob } from 'tinyglobby';
import { ModelJobError, type ModelAccessJobRequest, type ModelJobInput } from '../../../planner/index.js';
import type { PathGuard } from '../../workspace/paths.js';
import { isS3, openFile, openFolder } from '../../storage/index.js';
import { formatOf, formatOfName, readEndings } from './formats.js';
import type { FileSource } from './read-file.js';

/** A file of the data set, or rows that stand in the request itself. `location` is a path or `s3://…`. */
export type InputSource = FileSource | { inline: InlineRow[] };

/** A value of the request itself, by the number of its input. */
export interface InlineRow {
  index: number;
  text: string;
}

type FileInput = Exclude<ModelJobInput, { kind: 'json' }>;

interface Named {
  location: string;
  sizeBytes: number;
}

/**
 * What a batch reads, in the order of the request's inputs: files, folders and globs by name, S3 objects and prefixes
 * (`s3://bucket/prefix/`), artifacts of earlier jobs, and values of the request itself.
 *
 * @throws ModelJobError that names the input by its index
 */
export async function inputSources(
  { inputs }: ModelAccessJobRequest,
  paths: PathGuard,
  signal: AbortSignal,
): Promise<InputSource[]> {
  const sources: InputSource[] = [];
  for (const [index, input] of inputs.entries()) {
    const last = sources.at(-1);
    if (input.kind !== 'json') sources.push(...(await filesOf(input, index, paths, signal)));
    else if (last && 'inline' in last) last.inline.push({ index, text: JSON.stringify(input.value) });
    else sources.push({ inline: [{ index, text: JSON.stringify(input.value) }] });
  }
  return sources;
}

async function filesOf(input: FileInput, index: number, paths: PathGuard, signal: AbortSignal): Promise<InputSource[]> {
  const isArtifact = input.kind === 'artifact';
  const field = isArtifact ? `inputs[${index}].value.uri` : `inputs[${index}].value`;
  const named = isArtifact ? input.value.uri : input.value;
  const mediaType = isArtifact ? input.value.mediaType : undefined;
  const files = isS3(named) ? await onS3(named, field, paths, signal) : await onDisk(named, field, paths, isArtifact);
  return files.map((file) => {
    const format = formatOf(file.location, mediaType);
    if (format) return { ...file, format };
    throw new ModelJobError(
      'InvalidArgument',
      `${field}: \`${file.location}\` is not read: what is read is ${readEndings}`,
    );
  });
}

async function onS3(named: string, field: string, paths: PathGuard, signal: AbortSignal): Promise<Named[]> {
  const location = await paths.location(named, field);
  if (location.endsWith('/')) return prefixOnS3(location, field, signal);
  const { folder, name } = openFile(location);
  const found = await folder.stat(name, signal);
  if (!found) throw new ModelJobError('NotFound', `${field}: \`${location}\` does not exist`);
  return [{ location, ...found }];
}

/** As in a folder: the files right there, of formats that batches read. */
async function prefixOnS3(location: string, field: string, signal: AbortSignal): Promise<Named[]> {
  const folder = openFolder(location);
  const files: Named[] = [];
  for await (const { name, sizeBytes } of folder.list('', signal)) {
    if (!name.includes('/') && isData(name)) files.push({ location: folder.uriOf(name), sizeBytes });
  }
  if (files.length === 0) throw noData(field, location);
  return files.sort(byLocation);
}

async function onDisk(named: string, field: string, paths: PathGuard, isArtifact: boolean): Promise<Named[]> {
  const path = await paths.location(named, field);
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory()) return Promise.all((await namesIn(path, field)).map((name) => sized(join(path, name))));
  if (facts) return [{ location: path, sizeBytes: facts.size }];
  if (isArtifact || !isDynamicPattern(named)) {
    throw new ModelJobError('NotFound', `model input path \`${named}\` does not exist`);
  }
  const found = await glob(named, { absolute: true, onlyFiles: true, expandDirectories: false });
  if (found.length === 0) throw new ModelJobError('NotFound', `${field}: no file matches \`${named}\``);
  return Promise.all(found.sort().map(sized));

  /** Each for itself: a link may lead out of the roots. */
  async function sized(file: string): Promise<Named> {
    const location = await paths.resolve(file, field);
    return { location, sizeBytes: (await stat(location)).size };
  }
}

async function namesIn(path: string, field: string): Promise<string[]> {
  const names = (await readdir(path)).filter(isData).sort();
  if (names.length === 0) throw noData(field, path);
  return names;
}

/** Names that begin with `_` or `.` are for notes on a data set, as Spark and others have it. */
function isData(name: string): boolean {
  return !/^[_.]/.test(name) && formatOfName(name) !== undefined;
}

function noData(field: string, folder: string): ModelJobError {
  return new ModelJobError('NotFound', `${field}: folder \`${folder}\` holds no ${readEndings} file`);
}

function byLocation(left: Named, right: Named): number {
  return left.location < right.location ? -1 : 1;
}
