import type { ColumnMetaData, RowGroup, SchemaTree } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { createChunkReader, type FileBytes } from './chunk-reader.js';
import { createColumnCursor, type ColumnCursor } from './column-cursor.js';
import type { Leaf, ParquetFile } from './open-file.js';
import { pagesOf, type ColumnDecoder } from './pages.js';
import { columnWriter } from './row-writer.js';
import { textOfValues } from './value-text.js';

/** What all columns together read at once, in bytes, and the least and most of one. */
const windowsBytes = 32 << 20;
const leastWindow = 64 << 10;
const mostWindow = 2 << 20;

/** A column of a table: writes the JSON text of its value in the row that comes next, and goes on to the next row. */
export interface TableColumn {
  name: string;
  /** Its name as the key of an object, with a colon. */
  key: string;
  write: () => string;
}

/**
 * Goes through a row group as its columns' pages come: about a page of each column is in memory at a time, however many
 * rows the group has. Yields how many rows may be written; `onNoText` hears of values that JSON can't say.
 *
 * @throws Error for bytes that are not as the format says
 */
export async function* groupRows(
  file: FileBytes,
  { columns, leaves }: ParquetFile,
  group: RowGroup,
  onNoText: (problem: string) => void,
): AsyncGenerator<{ columns: TableColumn[]; rows: number }> {
  const wanted = leaves.filter(({ path }) => columns.some((column) => path[1] === column));
  const windowBytes = Math.min(Math.max(Math.floor(windowsBytes / wanted.length), leastWindow), mostWindow);
  const cursors = new Map<SchemaTree, ColumnCursor>();
  for (const [at, leaf] of leaves.entries()) {
    if (wanted.includes(leaf)) cursors.set(leaf.node, openColumn(file, leaf, group, at, { windowBytes, onNoText }));
  }
  const cursorOf = (leaf: SchemaTree): ColumnCursor => {
    const cursor = cursors.get(leaf);
    if (!cursor) throw new Error(`column \`${leaf.path.join('.')}\` holds no values`);
    return cursor;
  };
  const writers = columns.map((column) => ({
    name: column.element.name,
    key: `${JSON.stringify(column.element.name)}:`,
    write: columnWriter(column, cursorOf),
  }));
  for (let left = Number(group.num_rows); left > 0;) {
    let rows = left;
    for (const cursor of cursors.values()) {
      await cursor.fill();
      rows = Math.min(rows, cursor.rows);
    }
    if (rows < 1) throw new Error(`a row group has ${left} rows less than it says`);
    yield { columns: writers, rows };
    left -= rows;
  }
}

function openColumn(
  file: FileBytes,
  { node, path, duration }: Leaf,
  group: RowGroup,
  at: number,
  { windowBytes, onNoText }: { windowBytes: number; onNoText: (problem: string) => void },
): ColumnCursor {
  const chunk = group.columns[at]?.meta_data;
  const type = node.element.type;
  if (!chunk || !type) throw new Error(`column \`${node.path.join('.')}\` is missing in a row group`);
  const decoder: ColumnDecoder = {
    pathInSchema: node.path,
    type,
    element: node.element,
    schemaPath: path,
    codec: chunk.codec,
    parsers: DEFAULT_PARSERS,
    compressors,
  };
  const reader = createChunkReader(file, startOf(chunk), windowBytes);
  return createColumnCursor(pagesOf(reader, Number(chunk.num_values), decoder), {
    highest: getMaxDefinitionLevel(path),
    repeats: getMaxRepetitionLevel(path) > 0,
    textOf: textOfValues(node.element, duration),
    onNoText: (problem) => onNoText(`column \`${node.path.join('.')}\`: ${problem}`),
  });
}

/** Some writers say 0 where there is no dictionary. */
function startOf({ dictionary_page_offset: dictionary, data_page_offset: data }: ColumnMetaData): number {
  return Number(dictionary !== undefined && dictionary > 0n && dictionary < data ? dictionary : data);
}
