import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatOf } from '../../../engine/datasets/rows-in/formats.js';
import { temporaryFolder } from '../../helpers/activity.js';
import { planOfFile } from '../../helpers/data-set.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** How files begin, as their programs write them. */
const others: readonly [kind: string, data: Buffer, what: string][] = [
  ['a zip file or a workbook', bytes('PK\x03\x04\x14\0\0\0\x08\0'), 'a zip file (as .xlsx files are)'],
  ['a workbook of the old kind', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'), 'an Excel file'],
  ['Avro', bytes('Obj\x01\x04\x14avro.codec\x08null'), 'an Avro file'],
  ['ORC', bytes('ORC\x0a\x0b\x0a\x03\0\0'), 'an ORC file'],
  ['Arrow', bytes('ARROW1\0\0\xff\xff\xff\xff'), 'an Arrow file'],
  ['a stream of Arrow', bytes('\xff\xff\xff\xff\xa8\0\0\0\x10\0'), 'a stream of Arrow'],
  ['Feather', bytes('FEA1\0\0\0\0'), 'a Feather file'],
  ['Parquet', bytes('PAR1\x15\x04\x15'), 'its name should end with .parquet'],
  ['bzip2', bytes('BZh91AY&SY\x01\x02'), 'compressed with bzip2'],
  ['xz', bytes('\xfd7zXZ\0\0\x04'), 'compressed with xz'],
  ['gzip', bytes('\x1f\x8b\x08\0\0\0\0\0'), 'its name should end with .gz'],
  ['zstd', bytes('\x28\xb5\x2f\xfd\x04\x58\0'), 'its name should end with .zst'],
  ['a pickle', bytes('\x80\x04\x95\x10\0\0\0\0'), 'a pickle'],
  ['NumPy', bytes("\x93NUMPY\x01\0v\0{'descr'"), 'a NumPy array'],
  ['tar', Buffer.concat([bytes('a.jsonl'), Buffer.alloc(250), bytes('ustar\x0000')]), 'a tar file'],
  ['a page to log in', bytes('\n<!DOCTYPE html>\n<html><head>\n'), 'a page of HTML, perhaps one to log in'],
  ['an error of S3', bytes('<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>'), 'XML'],
  ['a pointer of Git LFS', bytes('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n'), 'git lfs pull'],
  ['UTF-16 without a mark', Buffer.from('{"a":1}\n'.repeat(9), 'utf16le'), 'it may be UTF-16'],
  ['something else', bytes('\x01\x02\x03\x04 something'), 'no text'],
];

describe('a file that holds something else than its name says', () => {
  it.each(others)('is refused by what it is: %s', async (_kind, data, what) => {
    const folder = await temporaryFolder();
    for (const ending of ['jsonl', 'json', 'csv', 'tsv']) {
      const path = join(folder, `a.${ending}`);
      await writeFile(path, data);
      await expect(planOfFile(path)).rejects.toMatchObject({
        code: 'InvalidArgument',
        message: expect.stringContaining(`a.${ending} is `) as string,
      });
      await expect(planOfFile(path)).rejects.toThrow(what);
    }
  });

  it.each(['{\n  "a": 1\n}\n{\n  "a": 2\n}\n', '[\n{"a": 1},\n{"a": 2}\n]\n'])(
    'is refused where its rows are JSON over several lines: %j',
    async (text) => {
      const path = join(await temporaryFolder(), 'a.jsonl');
      await writeFile(path, text);
      await expect(planOfFile(path)).rejects.toThrow('its name should end with .json');
    },
  );
});

it.each([
  'xlsx',
  'xls',
  'zip',
  'avro',
  'orc',
  'arrow',
  'feather',
  'bz2',
  'jsonl.bz2',
  'xz',
  'csv.xz',
  'pkl',
  'pickle',
  'npy',
])('a file called `.%s` is not read', (ending) => {
  expect(formatOf(`/data/a.${ending}`)).toBeUndefined();
});
