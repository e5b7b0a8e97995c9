import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pythonWith, type Python } from '../../bench/python.js';
import type { RowText } from '../../engine/models/contract/row-text.js';
import { temporaryFolder } from '../helpers/activity.js';
import { planOfFile, rowsOf } from '../helpers/data-set.js';

let python: Python | undefined;

beforeAll(async () => {
  python = await pythonWith('pandas', 'pyarrow');
}, 600_000);

beforeEach((context) => context.skip(!python, 'no Python with pandas and pyarrow'));

function script(name: string): string {
  return fileURLToPath(new URL(`python/${name}`, import.meta.url));
}

interface Table {
  name: string;
  csv: object;
  /** What pandas reads; null where it refuses the file. */
  rows: Record<string, string>[] | null;
}

describe('tables are read as pandas reads them', () => {
  it.each([1, 2])(
    'in dialects, encodings and accidents of all kinds (seed %i)',
    async (seed) => {
      const folder = await temporaryFolder();
      const tables = JSON.parse(await python!.run([script('tables.py'), folder, String(seed), '120'])) as Table[];
      for (const { name, csv, rows } of tables) {
        const read = rowsOf(await planOfFile(join(folder, name), { csv }).catch(() => undefined));
        const label = `seed ${seed}, ${await readFile(join(folder, name), 'latin1')}`;
        expect(await read.then((texts) => texts && comparable(texts, rows ?? [])), label).toEqual(rows ?? undefined);
      }
      expect(tables.some(({ rows }) => rows === null)).toBe(true);
    },
    120_000,
  );
});

/**
 * Our rows as pandas has them, where the two differ on purpose: it skips a record with more columns than the header,
 * and fills up one that has fewer; here both are bad rows that say so.
 */
function comparable(texts: readonly RowText[], rows: readonly Record<string, string>[]): unknown[] {
  const found: unknown[] = [];
  for (const text of texts) {
    if (typeof text === 'string') {
      found.push(JSON.parse(text));
      continue;
    }
    const [, has, header] = /has (\d+) columns?, the header has (\d+)$/.exec(text.message) ?? [];
    if (Number(has) > Number(header)) continue;
    const row = rows[found.length];
    const filled = Object.values(row ?? {}).slice(Number(has));
    found.push(filled.length > 0 && filled.every((value) => value === '') ? row : text);
  }
  return found;
}

describe('Parquet is read as pyarrow reads it', () => {
  it('in every type, by every codec, page version and encoding', async () => {
    const folder = await temporaryFolder();
    const names = (await python!.run([script('parquet_types.py'), folder])).split('\n');
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      const wanted = (await readFile(join(folder, `${name}.jsonl`), 'utf8')).trim().split('\n');
      const texts = (await rowsOf(await planOfFile(join(folder, `${name}.parquet`)))) ?? [];
      const found = texts.map((text) => (typeof text === 'string' ? (JSON.parse(text) as unknown) : text));
      expect(found, name).toEqual(wanted.map((line) => JSON.parse(line) as unknown));
    }
  }, 120_000);
});

describe('JSON is read as pandas and pyarrow read it', () => {
  it('in lines and arrays, compressed in frames and members, and in UTF-16', async () => {
    const folder = await temporaryFolder();
    const printed = await python!.run([script('json_rows.py'), folder, '1']);
    const files = JSON.parse(printed) as { name: string; rows: object[] }[];
    for (const { name, rows } of files) {
      const texts = (await rowsOf(await planOfFile(join(folder, name)))) ?? [];
      expect(
        texts.map((text) => (typeof text === 'string' ? (JSON.parse(text) as unknown) : text)),
        name,
      ).toEqual(rows);
    }
  }, 120_000);
});
