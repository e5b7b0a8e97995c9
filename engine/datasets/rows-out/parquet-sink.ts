import type { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { StoredFile } from '../../storage/index.js';
import type { FileSink } from './file-sink.js';
import {
  formOfAll,
  formOfBoth,
  isVector,
  readOutputLine,
  schemaOf,
  WiderColumn,
  type ColumnForm,
} from './output-column.js';

/** Where a row group ends; one is in memory at a time. */
const groupRows = 10_000;
const groupBytes = 16 << 20;

/** Lines of outputs on their way into a Parquet file. */
export interface ParquetSink {
  add(lines: Buffer): void;
  publish(): Promise<StoredFile>;
}

interface Group {
  index: bigint[];
  customId: (string | null)[];
  output: unknown[];
  bytes: number;
}

/**
 * Writes output lines to a Parquet file, row group by row group. The form of the column is that of the first row group
 * where none is given.
 *
 * @throws WiderColumn from `add` and `publish` when a later output does not fit
 */
export async function openParquetSink(file: FileSink, form: ColumnForm | undefined): Promise<ParquetSink> {
  const library = await import('hyparquet-writer');
  let open: { bytes: ByteWriter; rows: ParquetWriter; form: ColumnForm } | undefined;
  let group = emptyGroup();

  function begin(wanted: ColumnForm): NonNullable<typeof open> {
    const bytes = new library.ByteWriter();
    return { bytes, rows: new library.ParquetWriter({ writer: bytes, schema: schemaOf(wanted) }), form: wanted };
  }

  function write(): void {
    const found = formOfAll(group.output);
    open ??= begin(form ?? found);
    const wider = formOfBoth(open.form, found);
    if (wider !== open.form && group.output.some((value) => value !== null)) throw new WiderColumn(wider);
    const { index, customId, output } = group;
    // What hardly ever repeats gains nothing from a dictionary, which costs much memory.
    void open.rows.write({
      columnData: [
        { name: 'index', data: index, encoding: 'DELTA_BINARY_PACKED' },
        { name: 'custom_id', data: customId, encoding: 'PLAIN' },
        { name: 'output', data: output, ...(isVector(open.form) && { encoding: 'PLAIN', codec: 'UNCOMPRESSED' }) },
      ],
      rowGroupSize: groupRows,
    });
    flush(open.bytes);
    group = emptyGroup();
  }

  /** The writer counts on in `offset`; its buffer begins anew. */
  function flush(bytes: ByteWriter): void {
    file.add(bytes.getBytes());
    bytes.index = 0;
  }

  return {
    add(lines) {
      for (const line of lines.toString('utf8', 0, lines.length - 1).split('\n')) {
        const { index, custom_id, output } = readOutputLine(line);
        group.index.push(BigInt(index));
        group.customId.push(custom_id ?? null);
        group.output.push(output);
        group.bytes += line.length;
        if (group.index.length >= groupRows || group.bytes >= groupBytes) write();
      }
    },
    publish() {
      if (group.index.length > 0) write();
      open ??= begin(form ?? 'json');
      void open.rows.finish();
      flush(open.bytes);
      return file.publish();
    },
  };
}

function emptyGroup(): Group {
  return { index: [], customId: [], output: [], bytes: 0 };
}
