import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { mergeShards, type Merged } from '../../../engine/datasets/rows-out/merge-shards.js';
import { temporaryFolder } from '../../helpers/activity.js';

type Row = { output: unknown } | { error: { code: string; message: string } };

const error = { code: 'Failed', message: 'it is "bad",\nand more' };

describe('finished shards', () => {
  it('become one file of outputs and one of errors, in the order of the rows', async () => {
    const rows: Row[] = Array.from({ length: 5000 }, (_, row) => (row % 7 === 3 ? { error } : { output: { row } }));
    const box = await shardBox(rows, 1000);
    const done = await box.together();
    const output = await box.lines('output.jsonl');
    const errors = await box.lines('errors.jsonl');
    expect(output.map(({ index }) => index)).toEqual(indexesOf(rows, 'output'));
    expect(errors.map(({ index }) => index)).toEqual(indexesOf(rows, 'error'));
    expect(errors[0]).toEqual({ index: 3, custom_id: 'row "3"', error });
    expect(done).toMatchObject({ output: { rows: output.length }, errors: { rows: errors.length } });
  });

  it('tell outputs from errors whatever they say', async () => {
    const tricky = { custom_id: '","error":', output: '"error":{' };
    const lines = [
      JSON.stringify({ index: 0, ...tricky }),
      JSON.stringify({ index: 1, custom_id: '\\', output: { error: 1 } }),
      JSON.stringify({ index: 2, custom_id: '\\"', error }),
      JSON.stringify({ index: 3, error, custom_id: 'x' }),
    ];
    const box = await linesBox([lines]);
    await box.together();
    expect((await box.lines('output.jsonl')).map(({ index }) => index)).toEqual([0, 1]);
    expect((await box.lines('errors.jsonl')).map(({ index }) => index)).toEqual([2, 3]);
  });

  it('give files whose sizes and hashes are right, and leave no other', async () => {
    const box = await shardBox([{ output: 1 }, { error }], 10);
    const done = (await box.together()) as Exclude<Merged, { badShard: number }>;
    for (const [name, { sizeBytes, sha256, uri }] of [
      ['output.jsonl', done.output],
      ['errors.jsonl', done.errors],
    ] as const) {
      const bytes = await readFile(join(box.folder, name));
      expect({ sizeBytes, sha256, uri }).toEqual({
        sizeBytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        uri: `file://${join(box.folder, name)}`,
      });
    }
    expect((await readdir(box.folder)).sort()).toEqual(['batch', 'errors.jsonl', 'output.jsonl']);
    expect(await box.together()).toEqual(done);
  });

  it.each([
    ['a row twice', [0, 1, 1]],
    ['a row too few', [0, 1]],
    ['a row too many', [0, 1, 2, 3]],
    ['rows in another order', [0, 2, 1]],
  ])('are reported when one holds %s', async (_what, indexes) => {
    const box = await linesBox([lineOf(0, 3), indexes.map((index) => `{"index":${index + 3},"output":1}`)], 3);
    expect(await box.together()).toEqual({ badShard: 1 });
    expect(await readdir(box.folder)).toEqual(['batch']);
  });

  it('are reported when one ends in the middle of a line', async () => {
    const box = await linesBox([['{"index":0,"output":1}']], 1);
    await writeFile(join(box.folder, 'batch/shards/000000.jsonl'), '{"index":0,"output":1}');
    expect(await box.together()).toEqual({ badShard: 0 });
  });

  it('leave nothing when it is aborted', async () => {
    const box = await shardBox(
      Array.from({ length: 1000 }, () => ({ output: 1 })),
      100,
    );
    const stop = new AbortController();
    const report = (shards: number): void => {
      if (shards === 4) stop.abort(new Error('enough'));
    };
    await expect(box.together('jsonl', { signal: stop.signal, report })).rejects.toThrow(/enough|aborted/);
    expect(await readdir(box.folder)).toEqual(['batch']);
  });
});

describe('outputs as Parquet', () => {
  it('are lists of 32-bit floats where a model gives vectors', async () => {
    const vectors = Array.from({ length: 300 }, (_, row) => [Math.fround(row / 3), Math.fround(-(row + 1) / 7), 0]);
    const box = await shardBox([...vectors.map((output) => ({ output })), { error }], 100);
    await box.together('parquet');
    const { rows, types } = await box.parquet();
    expect(rows).toEqual(vectors.map((output, row) => ({ index: BigInt(row), custom_id: `row "${row}"`, output })));
    expect(types).toEqual({ index: 'INT64', custom_id: 'UTF8', element: 'FLOAT' });
    expect(await box.lines('errors.jsonl')).toHaveLength(1);
  });

  it('are texts, or JSON where they are more than that', async () => {
    const texts = await shardBox([{ output: 'one' }, { output: 'zwei' }], 10);
    await texts.together('parquet');
    expect((await texts.parquet()).types).toMatchObject({ output: 'UTF8' });
    const values = [{ label: 'POSITIVE', score: 0.5 }, 'text', [1, 'x'], null, 7];
    const mixed = await shardBox(
      values.map((output) => ({ output })),
      10,
    );
    await mixed.together('parquet');
    const { rows, types } = await mixed.parquet();
    expect(types).toMatchObject({ output: 'JSON' });
    expect(rows.map(({ output }) => output as unknown)).toEqual(values);
  });

  it('are written again in a wider form when a later row needs it', async () => {
    const rows: Row[] = Array.from({ length: 20_000 }, () => ({ output: [0.5] }));
    rows.push({ output: [0.1] });
    const box = await shardBox(rows, 5000);
    await box.together('parquet');
    const { rows: found, types, groups } = await box.parquet();
    expect(types).toMatchObject({ element: 'DOUBLE' });
    expect(groups).toEqual([10_000, 10_000, 1]);
    expect(found.at(-1)).toMatchObject({ index: 20_000n, output: [0.1] });
  });

  it('are a table without rows where all rows failed', async () => {
    const box = await shardBox([{ error }], 10);
    await box.together('parquet');
    expect((await box.parquet()).rows).toEqual([]);
  });
});

function indexesOf(rows: readonly Row[], key: string): number[] {
  return rows.flatMap((row, index) => (key in row ? [index] : []));
}

function lineOf(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `{"index":${first + at},"output":1}`);
}

async function shardBox(rows: readonly Row[], size: number) {
  const lines = rows.map((row, index) => JSON.stringify({ index, custom_id: `row "${index}"`, ...row }));
  const shards = Array.from({ length: Math.ceil(lines.length / size) }, (_, at) =>
    lines.slice(at * size, (at + 1) * size),
  );
  return linesBox(shards);
}

async function linesBox(shards: readonly string[][], rows?: number) {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'batch/shards'), { recursive: true });
  for (const [shard, lines] of shards.entries()) {
    const name = `${String(shard).padStart(6, '0')}.jsonl`;
    await writeFile(join(folder, 'batch/shards', name), lines.map((line) => `${line}\n`).join(''));
  }
  const counts = shards.map((lines) => rows ?? lines.length);
  const idle = { signal: new AbortController().signal, report: () => undefined };
  return {
    folder,
    together: (format: 'jsonl' | 'parquet' = 'jsonl', context: Parameters<typeof mergeShards>[1] = idle) =>
      mergeShards({ folder: join(folder, 'batch'), target: folder, rows: counts, format }, context),
    async lines(name: string): Promise<Record<string, unknown>[]> {
      const text = await readFile(join(folder, name), 'utf8');
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
    },
    async parquet() {
      const bytes = await readFile(join(folder, 'output.parquet'));
      const file = new Uint8Array(bytes).buffer;
      const { schema, row_groups: groups } = parquetMetadata(file);
      const leaves = schema.filter(({ type }) => type !== undefined);
      return {
        rows: await parquetReadObjects({ file }),
        types: Object.fromEntries(leaves.map(({ name, type, converted_type }) => [name, converted_type ?? type])),
        groups: groups.map(({ num_rows }) => Number(num_rows)),
      };
    },
  };
}
