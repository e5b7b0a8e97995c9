import { ModelJobError, type ModelAccessJobRequest, type ModelJobInput } from '../../../planner/index.js';
import type { PathGuard } from '../../workspace/paths.js';
import { filesAt, filesMatching, nameOf, openFile, type StoredAt } from '../../storage/index.js';
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

/** How a location is looked at, and where it stands in the request. */
interface Look {
  field: string;
  paths: PathGuard;
  signal: AbortSignal;
}

/**
 * What a batch reads, in the order of the request's inputs: files, folders and globs by name, S3 objects and prefixes
 * (`s3://bucket/prefix/`), artifacts of earlier jobs, and values of the request itself.
 *
 * @throws ModelJobError that names the input by its index
 */
export async function inputSources(
  { inputs }: Pick<ModelAccessJobRequest, 'inputs'>,
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
  const location = await (isArtifact ? paths.artifact(input.value, field) : paths.location(named, field));
  const found = (await dataAt(location, field, signal)) ?? (await matching(named, field, isArtifact));
  const files = await Promise.all(found.map((file) => checked(file, { field, paths, signal })));
  return files.map((file) => {
    const format = formatOf(file.location, mediaType);
    if (format) return { ...file, format };
    throw new ModelJobError(
      'InvalidArgument',
      `${field}: \`${file.location}\` is not read: what is read is ${readEndings}`,
    );
  });
}

/** A file, or the data files of a folder; undefined where there is nothing. */
async function dataAt(location: string, field: string, signal: AbortSignal): Promise<StoredAt[] | undefined> {
  const found = await filesAt(location, signal);
  if (!found?.isFolder) return found?.files;
  const files = found.files.filter((file) => isData(nameOf(file.location)));
  if (files.length > 0) return files;
  throw new ModelJobError('NotFound', `${field}: folder \`${location}\` holds no ${readEndings} file`);
}

/** The files that a pattern matches; the address of an artifact is none. */
async function matching(named: string, field: string, isArtifact: boolean): Promise<StoredAt[]> {
  const found = isArtifact ? undefined : await filesMatching(named);
  if (!found) return missing(named);
  if (found.length === 0) throw new ModelJobError('NotFound', `${field}: no file matches \`${named}\``);
  return found.map((location) => ({ location }));
}

/** Each for itself: a link in a folder may lead out of the roots. What tells its size was named itself, or is no link. */
async function checked({ location: found, sizeBytes }: StoredAt, { field, paths, signal }: Look): Promise<Named> {
  if (sizeBytes !== undefined) return { location: found, sizeBytes };
  const location = await paths.location(found, field);
  const { folder, name } = openFile(location);
  const facts = await folder.stat(name, signal);
  return facts ? { location, ...facts } : missing(found);
}

/** Names that begin with `_` or `.` are for notes on a data set, as Spark and others have it. */
function isData(name: string): boolean {
  return !/^[_.]/.test(name) && formatOfName(name) !== undefined;
}

function missing(named: string): never {
  throw new ModelJobError('NotFound', `model input path \`${named}\` does not exist`);
}
