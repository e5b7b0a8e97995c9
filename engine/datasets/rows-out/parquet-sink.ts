import type { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { StoredFile } from '../../storage/index.js';
import type { FileSink } from './file-sink.js';
import { readOutputLine } from './output-line.js';
import { RowGroup } from './row-group.js';
import { encodingOf, fits, markJson, OtherTable, schemaOf, tableOfBoth, type TableForm } from './table-form.js';

/** Where a row group ends; one is in memory at a time. */
const groupRows = 10_000;
const groupBytes = 16 << 20;

/** Lines of outputs on their way into a Parquet file. */
export interface ParquetSink {
  add(lines: Buffer): void;
  publish(): Promise<StoredFile>;
}

/**
 * Writes output lines to a Parquet file, row group by row group. The form of the table is that of the first row group
 * where none is given. Once a row does not fit, the rest is only looked at.
 *
 * @throws OtherTable from `publish` when rows did not fit
 */
export async function openParquetSink(file: FileSink, given: TableForm | undefined): Promise<ParquetSink> {
  const library = await import('hyparquet-writer');
  let open: { bytes: ByteWriter; rows: ParquetWriter; table: TableForm } | undefined;
  let seen: TableForm = given ?? new Map();
  let isFitting = true;
  let group = new RowGroup();
  let bytes = 0;

  function begin(table: TableForm): NonNullable<typeof open> {
    const writer = new library.ByteWriter();
    return { bytes: writer, rows: new library.ParquetWriter({ writer, schema: schemaOf(table) }), table };
  }

  function write(): void {
    seen = tableOfBoth(seen, group.form());
    open ??= begin(seen);
    isFitting &&= fits(seen, open.table);
    if (isFitting) writeGroup(open);
    group = new RowGroup();
    bytes = 0;
  }

  function writeGroup({ rows, table, bytes: written }: NonNullable<typeof open>): void {
    const columns = [...table].map(([name, form]) => ({
      name,
      data: group.valuesOf(name, form),
      ...encodingOf(form),
    }));
    void rows.write({
      columnData: [
        { name: 'index', data: group.index, encoding: 'DELTA_BINARY_PACKED' },
        { name: 'custom_id', data: group.customId, encoding: 'PLAIN' },
        ...columns,
      ],
      rowGroupSize: groupRows,
    });
    flush(written);
  }

  /** The writer counts on in `offset`; its buffer begins anew. */
  function flush(written: ByteWriter): void {
    file.add(written.getBytes());
    written.index = 0;
  }

  return {
    add(lines) {
      for (const line of lines.toString('utf8', 0, lines.length - 1).split('\n')) {
        group.add(readOutputLine(line));
        bytes += line.length;
        if (group.rows >= groupRows || bytes >= groupBytes) write();
      }
    },
    publish() {
      if (group.rows > 0) write();
      if (!isFitting) throw new OtherTable(seen);
      open ??= begin(seen.size > 0 ? seen : new Map([['output', undefined]]));
      markJson(open.rows.schema, open.table);
      void open.rows.finish();
      flush(open.bytes);
      return file.publish();
    },
  };
}
