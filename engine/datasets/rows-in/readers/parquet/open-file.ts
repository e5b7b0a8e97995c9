import { parquetMetadataAsync, parquetSchema, type FileMetaData, type RowGroup, type SchemaTree } from 'hyparquet';
import { durationsOf } from './arrow-schema.js';
import type { FileBytes } from './chunk-reader.js';
import type { TimeUnit } from './numbers.js';

/** A Parquet file that is open. */
export interface ParquetFile {
  /** The columns of the table, with all that is nested in them. */
  columns: SchemaTree[];
  /** The columns that hold values, in the order in which a row group has them. */
  leaves: Leaf[];
  groups: RowGroup[];
}

/** A column that holds values. */
export interface Leaf {
  node: SchemaTree;
  /** The nodes from the root to it. */
  path: SchemaTree[];
  /** The unit of one that is a duration. */
  duration: TimeUnit | undefined;
}

/** pandas keeps a table's index in columns of such names; they are none of the table's own. */
const pandasIndex = /^__index_level_\d+__$/;

/** Types that no text is defined for here. */
const refusedTypes: ReadonlySet<string | undefined> = new Set(['VARIANT', 'INTERVAL']);

/** @throws Error that says what in the file can't be read */
export async function openParquetFile(file: FileBytes): Promise<ParquetFile> {
  const metadata = await readMetadata(file);
  const tree = parquetSchema(metadata);
  const columns = tree.children.filter(({ element }) => !pandasIndex.test(element.name));
  const names = columns.map(({ element }) => element.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`two columns are named ${JSON.stringify(twice)}`);
  columns.forEach(refuseTypes);
  metadata.row_groups.forEach(refuseGroup);
  return { columns, leaves: leavesOf(tree, metadata), groups: metadata.row_groups };
}

async function readMetadata(file: FileBytes): Promise<FileMetaData> {
  const ending = await file.read(Math.max(file.sizeBytes - 4, 0), file.sizeBytes);
  if (ending.toString('latin1') === 'PARE') throw new Error('it is encrypted');
  const slice = async (start: number, end = file.sizeBytes): Promise<ArrayBuffer> =>
    new Uint8Array(await file.read(start, end)).buffer;
  return parquetMetadataAsync({ byteLength: file.sizeBytes, slice }, { geoparquet: false });
}

function leavesOf(tree: SchemaTree, { key_value_metadata: pairs }: FileMetaData): Leaf[] {
  const paths = leafPaths([tree]);
  const arrow = pairs?.find(({ key }) => key === 'ARROW:schema')?.value;
  const durations = arrow === undefined ? [] : durationsOf(arrow);
  const areAll = durations.length === paths.length;
  return paths.map((path, at) => ({ path, node: path.at(-1) ?? tree, duration: areAll ? durations[at] : undefined }));
}

function leafPaths(path: SchemaTree[]): SchemaTree[][] {
  const children = path.at(-1)?.children ?? [];
  return children.length === 0 ? [path] : children.flatMap((child) => leafPaths([...path, child]));
}

function refuseTypes(node: SchemaTree): void {
  const { logical_type: logical, converted_type: converted } = node.element;
  const type = logical?.type ?? converted;
  if (refusedTypes.has(type)) throw new Error(`column \`${node.path.join('.')}\` is of type ${type}`);
  node.children.forEach(refuseTypes);
}

function refuseGroup({ columns }: RowGroup): void {
  for (const { meta_data: chunk, file_path: elsewhere } of columns) {
    if (!chunk) throw new Error('it is encrypted');
    if (elsewhere) throw new Error(`its column \`${chunk.path_in_schema.join('.')}\` is in another file`);
    if (chunk.codec === 'LZO')
      throw new Error(`its column \`${chunk.path_in_schema.join('.')}\` is compressed with LZO`);
  }
}
