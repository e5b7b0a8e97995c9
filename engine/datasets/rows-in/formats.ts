/** The form of a file's rows. */
export type RowFormat = 'jsonl' | 'json' | 'csv' | 'tsv' | 'parquet';

/** How a file is compressed as a whole. */
export type Compression = 'gzip' | 'zstd';

/** How a file is read. */
export interface FileFormat {
  rows: RowFormat;
  compression?: Compression | undefined;
  /** Whether the file's name or media type tells it; else it is taken for JSON Lines. */
  isTold?: boolean;
}

/** The endings of the files that batches read, for people. */
export const readEndings = '.jsonl, .json, .csv, .tsv (each also as .gz or .zst) or .parquet';

const endings: readonly [RegExp, RowFormat][] = [
  [/\.(?:jsonl|ndjson)$/i, 'jsonl'],
  [/\.json$/i, 'json'],
  [/\.csv$/i, 'csv'],
  [/\.tsv$/i, 'tsv'],
  [/\.parquet$/i, 'parquet'],
];

const compressions: readonly [RegExp, Compression][] = [
  [/\.gz$/i, 'gzip'],
  [/\.zst$/i, 'zstd'],
];

/** Endings of files that hold rows, but in forms that are not read. */
const refused =
  /\.(?:xlsx?|ods|arrow|feather|ipc|avro|orc|pkl|pickle|npy|npz|msgpack|ya?ml|xml|zip|7z|tar|tgz|bz2|xz|lz4|br)$/i;

const mediaTypes: Readonly<Record<string, RowFormat>> = {
  'application/x-ndjson': 'jsonl',
  'application/jsonl': 'jsonl',
  'application/json': 'json',
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'application/vnd.apache.parquet': 'parquet',
};

/** The format that a file's name tells; undefined where it tells none. */
export function formatOfName(name: string): FileFormat | undefined {
  const { plain, compression } = unpackedName(name);
  const [, rows] = endings.find(([ending]) => ending.test(plain)) ?? [];
  return rows && !(compression && rows === 'parquet') ? { rows, compression, isTold: true } : undefined;
}

/**
 * The format of a file that a request names: by its name, else its media type, else JSON Lines. Undefined for a file
 * whose name tells that it is not read.
 */
export function formatOf(name: string, mediaType = ''): FileFormat | undefined {
  const told = formatOfName(name);
  if (told) return told;
  const { plain, compression } = unpackedName(name);
  const rows = mediaTypes[mediaType.split(';')[0]?.trim() ?? ''];
  if (rows) return { rows, compression, isTold: true };
  const isRefused = refused.test(plain) || /\.parquet$/i.test(plain);
  return isRefused ? undefined : { rows: 'jsonl', compression };
}

function unpackedName(name: string): { plain: string; compression: Compression | undefined } {
  const [ending, compression] = compressions.find(([packed]) => packed.test(name)) ?? [];
  return { plain: ending ? name.replace(ending, '') : name, compression };
}
