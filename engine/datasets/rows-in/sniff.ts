import { isJson, ModelJobError } from '../../../planner/index.js';
import { readEndings, type FileFormat } from './formats.js';

/** How many of a file's first bytes are looked at. */
export const headBytes = 1 << 16;

/** How the files begin that hold no text (in Latin-1), and what they are. */
const beginnings: readonly (readonly [beginning: string, what: string])[] = [
  ['\x1f\x8b', 'compressed with gzip: its name should end with .gz'],
  ['\x28\xb5\x2f\xfd', 'compressed with zstd: its name should end with .zst'],
  ['PAR1', 'a Parquet file: its name should end with .parquet'],
  ['PK\x03\x04', 'a zip file (as .xlsx files are), which is not read'],
  ['ARROW1', 'an Arrow file, which is not read'],
  ['Obj\x01', 'an Avro file, which is not read'],
  ['ORC', 'an ORC file, which is not read'],
  ['BZh', 'compressed with bzip2, which is not read'],
  ['\xfd7zXZ', 'compressed with xz, which is not read'],
  ['\x04\x22\x4d\x18', 'compressed with lz4, which is not read'],
  ['SQLite format 3', 'an SQLite database, which is not read'],
  ['FEA1', 'a Feather file, which is not read'],
  ['\xff\xff\xff\xff', 'a stream of Arrow, which is not read'],
  ['\x93NUMPY', 'a NumPy array, which is not read'],
  ['\x89HDF', 'an HDF5 file, which is not read'],
  ['\x89PNG', 'a picture, which is no data set'],
  ['\xff\xd8\xff', 'a picture, which is no data set'],
  ['\xd0\xcf\x11\xe0', 'an Excel file of the old kind, which is not read'],
  ["7z\xbc\xaf'\x1c", 'compressed with 7-Zip, which is not read'],
  ...['\x02', '\x03', '\x04', '\x05'].map((version) => [`\x80${version}`, 'a pickle, which is not read'] as const),
];

/** Where a tar file has its name, and what it is. */
const tar = { at: 257, name: 'ustar' };

/** How texts begin that are none of the formats that are read, whatever their name says. */
const texts: readonly [beginning: RegExp, what: string][] = [
  [/^<(?:!doctype html|html)\b/i, 'a page of HTML, perhaps one to log in'],
  [/^<\?xml\b/i, 'XML, perhaps the error of a server'],
  [/^version https:\/\/git-lfs\./, 'a pointer of Git LFS: `git lfs pull` brings the file'],
  [/^%PDF-/, 'a PDF'],
];

/** Byte order marks; that of UTF-32 begins like that of UTF-16. */
const marks: readonly [mark: string, encoding: string][] = [
  ['\xff\xfe\x00\x00', 'utf-32le'],
  ['\x00\x00\xfe\xff', 'utf-32be'],
  ['\xff\xfe', 'utf-16le'],
  ['\xfe\xff', 'utf-16be'],
];

/** The encoding that a file's byte order mark tells, other than UTF-8. */
export function markedEncoding(head: Buffer): string | undefined {
  return marks.find(([mark]) => beginsWith(head, mark))?.[1];
}

/**
 * Refuses a file that is not what its name says.
 *
 * @param head its first bytes, unpacked and in UTF-8 as far as its encoding is known
 * @throws ModelJobError `InvalidArgument` that says what it is
 */
export function refuseOther(label: string, head: Buffer, { rows, isTold }: FileFormat): void {
  const what =
    binaryKind(head) ?? textKind(head) ?? (rows === 'jsonl' ? kindOfLines(head, isTold === true) : undefined);
  if (what !== undefined) throw new ModelJobError('InvalidArgument', `${label} is ${what}`);
}

/** Text has no control characters but white space. */
function binaryKind(head: Buffer): string | undefined {
  if (!head.some((byte) => byte < 0x09)) return undefined;
  const known = beginnings.find(([beginning]) => beginsWith(head, beginning));
  if (known) return known[1];
  if (head.toString('latin1', tar.at, tar.at + tar.name.length) === tar.name) return 'a tar file, which is not read';
  // Every other byte of ASCII text is 0 in UTF-16.
  const zeros = head.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0);
  if (zeros * 4 > head.length) return 'no UTF-8: it may be UTF-16, which is read with a byte order mark';
  return head.subarray(0, 16).some((byte) => byte < 0x09) ? 'no text' : undefined;
}

function textKind(head: Buffer): string | undefined {
  const text = head.toString('latin1', 0, 1024).trimStart();
  return texts.find(([beginning]) => beginning.test(text))?.[1];
}

/** A file whose name says nothing must begin like JSON Lines; one that says so must not begin like an array. */
function kindOfLines(head: Buffer, isTold: boolean): string | undefined {
  const lines = head
    .toString()
    .replace(/^\uFEFF/, '')
    .split('\n');
  const at = lines.findIndex((line) => line.trim() !== '');
  const line = lines[at]?.trim() ?? '';
  const isCut = at === lines.length - 1 && head.length >= headBytes;
  if (at === -1 || isCut || isJson(line)) return undefined;
  if (/^(?:\[|\{$)/.test(line) && at < lines.length - 1) {
    return 'no JSON Lines, but perhaps JSON over several lines: its name should end with .json';
  }
  return isTold
    ? undefined
    : `of no kind that its name tells, and its first line is no JSON: what is read is ${readEndings}`;
}

function beginsWith(head: Buffer, beginning: string): boolean {
  return head.toString('latin1', 0, beginning.length) === beginning;
}
