/** The form of a file's rows. */
export type RowFormat = 'jsonl' | 'csv' | 'tsv' | 'parquet';

/** How a file is read: its rows' form, and whether it is compressed as a whole. */
export interface FileFormat {
  rows: RowFormat;
  gzip: boolean;
}

const endings: readonly [RegExp, RowFormat][] = [
  [/\.(?:jsonl|ndjson)$/i, 'jsonl'],
  [/\.csv$/i, 'csv'],
  [/\.tsv$/i, 'tsv'],
  [/\.parquet$/i, 'parquet'],
];

const mediaTypes: Readonly<Record<string, RowFormat>> = {
  'application/x-ndjson': 'jsonl',
  'application/jsonl': 'jsonl',
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'application/vnd.apache.parquet': 'parquet',
};

/** The format that a file's name tells; undefined where it tells none. */
export function formatOfName(name: string): FileFormat | undefined {
  const gzip = /\.gz$/i.test(name);
  const plain = gzip ? name.slice(0, -3) : name;
  const [, rows] = endings.find(([ending]) => ending.test(plain)) ?? [];
  return rows && !(gzip && rows === 'parquet') ? { rows, gzip } : undefined;
}

/** The format of a file that a request names: by its name, else its media type, else JSON Lines. */
export function formatOf(name: string, mediaType = ''): FileFormat {
  return formatOfName(name) ?? { rows: mediaTypes[mediaType] ?? 'jsonl', gzip: /\.gz$/i.test(name) };
}
