import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planInThread, readShardRows } from '../../engine/datasets/rows-in/index.js';
import { mergeShards } from '../../engine/datasets/rows-out/merge-shards.js';
import { temporaryFolder } from '../helpers/activity.js';
import { pythonWith, type Python } from '../../bench/python.js';

const signal = new AbortController().signal;

let python: Python | undefined;

beforeAll(async () => {
  python = await pythonWith('pandas', 'pyarrow');
}, 300_000);

beforeEach((context) => context.skip(!python, 'no Python with pandas and pyarrow'));

const writeScript = `
import sys, datetime, decimal, pyarrow as pa, pyarrow.parquet as pq
path, codec = sys.argv[1:]
n = 2500
table = pa.table({
  'custom_id': [f'row-{i}' for i in range(n)],
  'input': pa.array([None if i % 5 == 4 else f'text {i}' for i in range(n)]).dictionary_encode(),
  'count': pa.array(range(n), pa.int64()),
  'big': pa.array([2**62 + i for i in range(n)], pa.int64()),
  'vector': pa.array([[i / 2, -1.0] for i in range(n)], pa.list_(pa.float32())),
  'nested': [{'a': [i], 'b': {'c': 'x'}} for i in range(n)],
  'at': pa.array([datetime.datetime(2026, 1, 2, 3, 4, 5, 678000)] * n, pa.timestamp('us')),
  'day': pa.array([datetime.date(2026, 1, 2)] * n),
  'flag': [i % 2 == 0 for i in range(n)],
  'bytes': pa.array([b'\\x00\\xff'] * n, pa.binary(2)),
})
pq.write_table(table, path, compression=codec, row_group_size=1000)
`;

const readScript = `
import sys, json, pyarrow.parquet as pq
file = pq.ParquetFile(sys.argv[1])
table = file.read()
print(json.dumps({
  'schema': {field.name: str(field.type) for field in table.schema},
  'groups': file.num_row_groups,
  'rows': table.slice(0, 3).to_pylist(),
  'count': table.num_rows,
  'indexes': table['index'].to_pylist() == list(range(table.num_rows)),
}))
`;

describe('Parquet files of pyarrow', () => {
  it.each(['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4'])('are read with codec %s', async (codec) => {
    const folder = await temporaryFolder();
    const location = join(folder, 'a.parquet');
    await python!.run(['-c', writeScript, location, codec]);
    const { size: sizeBytes } = await stat(location);
    const sources = [{ location, sizeBytes, format: { rows: 'parquet' as const } }];
    const dataSet = { sources, folder: join(folder, 'batch'), scratch: join(folder, 'scratch') };
    const index = await planInThread(dataSet, { signal, report: () => undefined });
    const rows: string[] = [];
    for (const shard of index.shards.keys()) {
      for await (const lines of readShardRows(index, shard, { signal }))
        rows.push(...lines.map(({ text }) => text as string));
    }
    expect(rows).toHaveLength(2500);
    expect(JSON.parse(rows[2041]!)).toEqual({
      custom_id: 'row-2041',
      input: 'text 2041',
      count: 2041,
      big: String(2n ** 62n + 2041n),
      vector: [1020.5, -1],
      nested: { a: [2041], b: { c: 'x' } },
      at: '2026-01-02T03:04:05.678000',
      day: '2026-01-02',
      flag: false,
      bytes: 'AP8=',
    });
    expect(JSON.parse(rows[4]!)).toMatchObject({ input: null });
  });
});

describe('outputs as Parquet', () => {
  it.each([
    ['vectors', (row: number) => [row / 2, -0.5], 'list<element: float not null>'],
    ['texts', (row: number) => `text ${row}`, 'string'],
  ])('are read by pyarrow as %s', async (_what, outputOf, type) => {
    const found = await readBack(outputOf);
    expect(found).toMatchObject({
      schema: { index: 'int64', custom_id: 'string', output: type },
      count: 12_000,
      groups: 2,
      indexes: true,
      rows: [0, 1, 2].map((row) => ({ index: row, custom_id: `row-${row}`, output: outputOf(row) })),
    });
  });

  it('are read by pyarrow as JSON', async () => {
    const found = await readBack((row) => ({ label: 'POSITIVE', score: row }));
    expect(found.rows.map(({ output }) => JSON.parse(output as string) as unknown)).toEqual(
      [0, 1, 2].map((row) => ({ label: 'POSITIVE', score: row })),
    );
  });
});

async function readBack(outputOf: (row: number) => unknown): Promise<{ rows: { output: unknown }[] }> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'batch/shards'), { recursive: true });
  const lines = Array.from({ length: 12_000 }, (_, row) =>
    JSON.stringify({ index: row, custom_id: `row-${row}`, output: outputOf(row) }),
  );
  await writeFile(join(folder, 'batch/shards/000000.jsonl'), `${lines.join('\n')}\n`);
  const shards = { folder: join(folder, 'batch'), target: folder, rows: [12_000], format: 'parquet' as const };
  await mergeShards(shards, { signal, report: () => undefined });
  return JSON.parse(await python!.run(['-c', readScript, join(folder, 'output.parquet')])) as {
    rows: { output: unknown }[];
  };
}
