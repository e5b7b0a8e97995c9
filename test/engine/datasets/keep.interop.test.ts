import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { mergeShards } from '../../../engine/datasets/rows-out/merge-shards.js';
import type { Keep } from '../../../engine/datasets/run/kept-columns.js';
import { linesOfRows } from '../../../engine/datasets/run/row-lines.js';
import { isErrorLine } from '../../../engine/datasets/shards/row-line.js';
import { membersOf } from '../../../engine/models/contract/json-members.js';
import { batchBox } from '../../helpers/batch.js';
import { temporaryFolder } from '../../helpers/activity.js';

const row =
  '{"custom_id":"a", "id" : 9007199254740993,"price":1.10,"big":1e400,"tags":[1.0,{"x":"}]"}],"text":"é\\"\\\\"}';

describe('columns that are kept', () => {
  it('stand before the output, digit for digit', () => {
    expect(lineOf(row, ['price', 'id', 'none'])).toBe(
      '{"index":7,"custom_id":"a","price":1.10,"id":9007199254740993,"none":null,"output":1}',
    );
    expect(lineOf(row, '*')).toBe(
      '{"index":7,"custom_id":"a","id":9007199254740993,"price":1.10,"big":1e400,"tags":[1.0,{"x":"}]"}],' +
        '"text":"é\\"\\\\","output":1}',
    );
  });

  it('give way to names that outputs have for themselves', () => {
    const line = lineOf('{"error":1,"output":"fromage","index":2,"input_index":3}', '*', null);
    expect(line).toBe(
      '{"index":7,"input_error":1,"input_output":"fromage","input_input_index":2,"input_index":3,"output":1}',
    );
    expect(isErrorLine(line)).toBe(false);
  });

  it('are one, `input`, for a row that is no object', () => {
    expect(lineOf(' "love"\r', '*', null)).toBe('{"index":7,"input":"love","output":1}');
    expect(lineOf('[1.50,\r2]', '*', null)).toBe('{"index":7,"input":[1.50, 2],"output":1}');
  });

  it('put a failed row beside its error as it came', () => {
    expect(lineOf(row, ['id'], 'a', true)).toBe(
      `{"index":7,"error":{"code":"Failed","message":"why"},"custom_id":"a","source":"/in.jsonl:8","input":${row}}`,
    );
    expect(lineOf('{"a":', '*', null, true)).toContain('"source":"/in.jsonl:8","input":"{\\"a\\":"}');
    expect(lineOf(row, undefined, 'a', true)).not.toContain('"input"');
  });

  it('are found in any object, however it is written', () => {
    const spaced = fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3));
    fc.assert(
      fc.property(spaced, ([value, spaces]) => {
        const members = membersOf(JSON.stringify(value, null, spaces));
        const read = [...(members ?? [])].map(([name, json]) => [name, JSON.parse(json) as unknown]);
        expect(Object.fromEntries(read)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('the files of a batch with columns that are kept', () => {
  it('have them beside the output of the input alone, and rows that failed whole, with their places', async () => {
    const lines = ['{"input":"x","id":9007199254740993}', '{"input":"throw","id":2}', '{"input":', '"no object"'];
    const box = await batchBox('misbehaving', lines.join('\n'), { options: { batch: { keep: ['id'] } } });
    expect(await box.runAll()).toMatchObject({ succeeded: 2, failed: 2 });
    const outputs = await readFile(join(box.jobFolder, 'output.jsonl'), 'utf8');
    expect(outputs).toMatch(
      /^\{"index":0,"id":9007199254740993,"output":\d+\}\n\{"index":3,"id":null,"output":\d+\}\n$/,
    );
    expect(await box.lines('errors.jsonl')).toMatchObject([
      {
        index: 1,
        source: `${box.data}:2`,
        input: { input: 'throw', id: 2 },
        error: { message: 'it does not want to' },
      },
      { index: 2, source: `${box.data}:3`, input: '{"input":' },
    ]);
  });
});

describe('columns that are kept in a Parquet file', () => {
  it('have a type that holds them to the last digit', async () => {
    const { rows, types, text } = await table([
      [
        '{"n":1,"long":1,"x":0.10,"ok":true,"name":"é","deep":{"n":1e400},"wide":1.234567890123456789,"a.b":1}',
        '[1,2]',
      ],
      ['{"n":-2,"long":9007199254740993,"x":3,"ok":null,"name":"z","deep":[1.0],"wide":1,"a.b":2}', '[0.5,2]'],
    ]);
    expect(types).toEqual({
      ...{ index: 'INT64', custom_id: 'UTF8', n: 'INT64', long: 'INT64', x: 'DOUBLE', ok: 'BOOLEAN', name: 'UTF8' },
      ...{ deep: 'JSON', wide: 'JSON', 'a.b': 'INT64', element: 'FLOAT' },
    });
    expect(rows[0]).toMatchObject({ n: 1n, long: 1n, x: 0.1, ok: true, name: 'é', 'a.b': 1n, output: [1, 2] });
    expect(rows[1]).toMatchObject({ n: -2n, long: 9007199254740993n, x: 3, ok: null, output: [0.5, 2] });
    expect(text).toContain('{"n":1e400}');
    expect(text).toContain('1.234567890123456789');
  });

  it('may come, change and stay away in later rows', async () => {
    const many = Array.from({ length: 10_001 }, () => ['{"a":1}', '"x"'] as const);
    const { rows, types } = await table([...many, ['{"a":"text","b":2}', '"y"']]);
    expect(types).toMatchObject({ a: 'JSON', b: 'INT64', output: 'UTF8' });
    expect(rows[0]).toEqual({ index: 0n, custom_id: 'a', a: 1, b: null, output: 'x' });
    expect(rows.at(-1)).toMatchObject({ a: 'text', b: 2n, output: 'y' });
  });
});

function lineOf(text: string, keep: Keep | undefined, id: string | null = 'a', failed = false): string {
  const errors = failed ? [{ at: 0, code: 'Failed' as const, message: 'why' }] : [];
  const outcome = {
    outputs: [failed ? null : '1'],
    errors,
    customIds: [id],
    vectors: [],
    files: [],
    metadata: new Map(),
  };
  const [line = ''] = linesOfRows({ rows: [{ text, file: '/in.jsonl', place: 8 }], indexOf: () => 7, keep }, outcome);
  return line;
}

async function table(rows: readonly (readonly [string, string])[]) {
  const target = await temporaryFolder();
  const folder = join(target, 'batch');
  await mkdir(join(folder, 'shards'), { recursive: true });
  const outputs = rows.map(([, output]) => output);
  const nothing = { errors: [], vectors: [], files: [], metadata: new Map<number, never>() };
  const sources = rows.map(([text], at) => ({ text, file: '/in.jsonl', place: at + 1 }));
  const outcome = { ...nothing, outputs, customIds: rows.map(() => 'a') };
  const lines = linesOfRows({ rows: sources, indexOf: (at) => at, keep: '*' }, outcome);
  await writeFile(join(folder, 'shards/000000.jsonl'), `${lines.join('\n')}\n`);
  const context = { signal: new AbortController().signal, report: () => undefined };
  await mergeShards({ folder, target, rows: [rows.length], format: 'parquet' }, context);
  const bytes = await readFile(join(target, 'output.parquet'));
  const file = new Uint8Array(bytes).buffer;
  const leaves = parquetMetadata(file).schema.filter(({ type }) => type !== undefined);
  return {
    /** The file as text: values of JSON are in it as they came. */
    text: bytes.toString('latin1'),
    rows: (await parquetReadObjects({ file })) as Record<string, unknown>[],
    types: Object.fromEntries(leaves.map(({ name, type, converted_type }) => [name, converted_type ?? type])),
  };
}
