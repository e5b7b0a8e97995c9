import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { inputSources, planInThread, readShardRows } from '../../../engine/datasets/rows-in/index.js';
import type { ShardIndex } from '../../../engine/datasets/shards/shard-index.js';
import type { RowText } from '../../../engine/models/contract/row-text.js';
import { createPathGuard } from '../../../engine/workspace/paths.js';
import { parseModelAccessJobRequest } from '../../../planner/index.js';
import { temporaryFolder } from '../../helpers/activity.js';

const signal = new AbortController().signal;

describe('the rows of a batch', () => {
  it('are lines of JSON where they stand, and are not copied', async () => {
    const box = await dataBox({ 'a.jsonl': '"one"\r\n\n{"text":"two"}\n[3]' });
    expect(await box.rows()).toEqual(['"one"\r', '{"text":"two"}', '[3]']);
    expect(await box.staged()).toEqual([]);
  });

  it('may be compressed', async () => {
    const box = await dataBox({
      'a.jsonl.gz': gzipSync('\uFEFF"one"\n\n"two"'),
      'b.csv.gz': gzipSync('text\nthree\n'),
    });
    expect(await box.rows()).toEqual(['"one"', '"two"', '{"text":"three"}']);
    expect(await box.staged()).toEqual(['000000.jsonl']);
  });

  it('are records of CSV by their header, quotes and line breaks included', async () => {
    const csv = '\uFEFFcustom_id,input\r\na,"x, ""y""\nz"\r\n,second\r\n';
    const box = await dataBox({ 'a.csv': csv, 'b.tsv': 'text\tn\nthird\t1\n' });
    expect(await box.values()).toEqual([
      { custom_id: 'a', input: 'x, "y"\nz' },
      { input: 'second' },
      { text: 'third', n: '1' },
    ]);
  });

  it('are one bad row where a record of CSV has other columns than the header', async () => {
    const box = await dataBox({ 'a.csv': 'a,b\n1,2\n3\n4,5\n' });
    expect(await box.rows()).toEqual([
      '{"a":"1","b":"2"}',
      { code: 'InvalidArgument', message: 'record 2 has 1 column, the header has 2' },
      '{"a":"4","b":"5"}',
    ]);
  });

  it('are one bad row where an element of a JSON array is no JSON, whatever it begins with', async () => {
    const box = await dataBox({ 'a.json': '[!, !{"custom_id":"x","code":"Failed","message":"m"}, !", 1",\t!\t2, 3]' });
    expect(await box.rows()).toEqual([
      ' !',
      ' !{"custom_id":"x","code":"Failed","message":"m"}',
      ' !", 1"',
      ' ! 2',
      '3',
    ]);
  });

  it('are rows of Parquet, row group by row group', async () => {
    const parquet = parquetWriteBuffer({
      columnData: [
        { name: 'custom_id', data: Array.from({ length: 250 }, (_, row) => BigInt(row)), type: 'INT64' },
        { name: 'input', data: Array.from({ length: 250 }, (_, row) => `text ${row}`), type: 'STRING' },
        { name: 'at', data: Array.from({ length: 250 }, () => new Date(0)), type: 'TIMESTAMP' },
      ],
      rowGroupSize: 100,
    });
    const box = await dataBox({ 'a.parquet': Buffer.from(parquet) });
    const rows = await box.values();
    expect(rows).toHaveLength(250);
    expect(rows[101]).toEqual({ custom_id: '101', input: 'text 101', at: '1970-01-01T00:00:00.000Z' });
  });

  it('may stand in the request, among files', async () => {
    const box = await dataBox({ 'a.jsonl': '"file"\n' });
    const rows = await box.rows([
      { kind: 'json', value: 'one' },
      { kind: 'json', value: { text: 'two' } },
      { kind: 'localPath', value: join(box.folder, 'a.jsonl') },
      { kind: 'json', value: 3 },
    ]);
    expect(rows).toEqual(['"one"', '{"text":"two"}', '"file"', '3']);
  });

  it('come in the order of the files’ names, from folders, globs and artifacts', async () => {
    const box = await dataBox({ 'b.jsonl': '"b"\n', 'a.csv': 'x\na\n', '_SUCCESS.jsonl': '"no"\n', 'notes.txt': 'no' });
    const inFolder = ['{"x":"a"}', '"b"'];
    expect(await box.rows([{ kind: 'localPath', value: box.folder }])).toEqual(inFolder);
    expect(await box.rows([{ kind: 'localPath', value: join(box.folder, '[ab].*') }])).toEqual(inFolder);
    const uri = `file://${join(box.folder, 'b.jsonl')}`;
    const artifact = { id: 'output', kind: 'json', mediaType: 'application/x-ndjson', uri };
    expect(await box.rows([{ kind: 'artifact', value: artifact }])).toEqual(['"b"']);
    expect(await box.rows([{ kind: 'artifact', value: { ...artifact, uri: `file://${box.folder}` } }])).toEqual(
      inFolder,
    );
  });

  it('are refused by name where there are none, or where they are no such file', async () => {
    const box = await dataBox({ 'a.jsonl.gz': 'no gzip', 'b.csv': 'a,"b\n', 'c.parquet': 'PAR1 no', 'd.csv': 'a,a\n' });
    const read = (name: string): Promise<unknown> => box.rows([{ kind: 'localPath', value: join(box.folder, name) }]);
    await expect(read('a.jsonl.gz')).rejects.toThrow(/a\.jsonl\.gz is no whole gzip file/);
    await expect(read('b.csv')).rejects.toThrow(/b\.csv is no CSV: .*line 1/);
    await expect(read('c.parquet')).rejects.toThrow(/c\.parquet is no Parquet file/);
    await expect(read('d.csv')).rejects.toThrow(/d\.csv: two columns are named "a"/);
    await expect(read('none.jsonl')).rejects.toMatchObject({ code: 'NotFound' });
    await expect(read('*.tsv')).rejects.toThrow(/inputs\[0\]\.value: no file matches/);
    await mkdir(join(box.folder, 'empty'));
    await expect(read('empty')).rejects.toThrow(/inputs\[0\]\.value: folder .* holds no \.jsonl/);
  });

  it('are not read through links that lead out of the roots', async () => {
    const box = await dataBox({ 'a.jsonl': '1\n' });
    await symlink('/etc/hostname', join(box.folder, 'b.jsonl'));
    await expect(box.rows([{ kind: 'localPath', value: box.folder }])).rejects.toMatchObject({
      code: 'PermissionDenied',
    });
    const glob = { kind: 'localPath', value: join(box.folder, '*.jsonl') };
    await expect(box.rows([glob])).rejects.toMatchObject({ code: 'PermissionDenied' });
  });
});

describe('a custom_id that stands twice', () => {
  it.each([
    ['first in its row', '{"custom_id":"x","input":1}', '{"custom_id": "x" ,"input":2}'],
    [
      'anywhere in its row',
      '{"input":{"custom_id":"inner"},"custom_id":"x"}',
      '{"a":"custom_id","b":[1,"}"],"custom_id":"x"}',
    ],
    ['with escapes', '{"custom_id":"\\u0078","input":1}', '{"custom_id":"x","input":2}'],
  ])('is refused %s', async (_where, one, other) => {
    const box = await dataBox({ 'a.jsonl': `\n${one}\n`, 'b.jsonl': `{"custom_id":"y"}\n\n${other}\n` });
    await expect(box.rows()).rejects.toMatchObject({
      code: 'InvalidArgument',
      detail: `duplicate custom_id "x" stands in ${box.folder}/a.jsonl:2 and in ${box.folder}/b.jsonl:3`,
    });
  });

  it('is refused by rows in files of other forms', async () => {
    const box = await dataBox({ 'a.csv': 'custom_id,input\ny,1\nx,1\n', 'b.jsonl.gz': gzipSync('{"custom_id":"x"}') });
    await expect(box.rows()).rejects.toThrow(`"x" stands in ${box.folder}/a.csv:3 and in ${box.folder}/b.jsonl.gz:1`);
  });

  it('is found behind a broken row that has it too', async () => {
    const box = await dataBox({
      'a.jsonl': '{"custom_id":"x",\n{"custom_id":"x"}\n{"custom_id":"x",\n{"custom_id":"x"}\n',
    });
    await expect(box.rows()).rejects.toThrow(`"x" stands in ${box.folder}/a.jsonl:2 and in ${box.folder}/a.jsonl:4`);
  });

  it('is the last of its row, as parsers have it', async () => {
    const box = await dataBox({
      'a.jsonl': '{"custom_id":"x","custom_id":"a"}\n{"custom_id":"x"}\n{"custom_\\u0069d":\r"b","custom_id":5}\n',
      'b.jsonl': '{"custom_id":"b"}\n',
    });
    expect(await box.rows()).toHaveLength(4);
  });

  it('is found among many rows, the first ones first', async () => {
    const row = (id: number): string => `{"custom_id":"row-${id}","input":"text ${id}"}\n`;
    const lines = Array.from({ length: 200_000 }, (_, id) => row(id === 150_000 ? 7 : id === 199_999 ? 42 : id));
    const box = await dataBox({ 'a.jsonl': lines.join('') });
    const failure = await box.rows().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      detail: `duplicate custom_id "row-7" stands in ${box.folder}/a.jsonl:8 and in ${box.folder}/a.jsonl:150001 (and 1 more)`,
    });
    expect(await readdir(join(box.home, 'scratch'))).toEqual([]);
  });

  it('is none where it is a value, a number, or of an inner object', async () => {
    const box = await dataBox({
      'a.jsonl':
        '{"a":"custom_id"}\n{"a":"custom_id"}\n{"custom_id":5}\n{"custom_id":5}\n{"a":{"custom_id":"x"}}\n{"a":{"custom_id":"x"}}\n' +
        '["custom_id","x"]\n["custom_id","x"]\n{"custom_id":"x",\n{"custom_id":"x"\n',
    });
    expect(await box.rows()).toHaveLength(10);
  });
});

describe('the shards of a data set', () => {
  it.each([
    [90, 1, 90],
    [4000, 14, 300],
    [50_000, 16, 3200],
    [200_000, 20, 10_000],
  ])('of %i rows are %i, of %i rows', async (rows, shards, size) => {
    const box = await dataBox({ 'a.jsonl': '1\n'.repeat(rows) });
    const index = await box.plan();
    expect([index.shards.length, index.shards[0]?.rows]).toEqual([shards, size]);
    expect(index.shards.reduce((sum, shard) => sum + shard.rows, 0)).toBe(rows);
    expect(index.shards.every((shard, at) => shard.firstRow === at * size)).toBe(true);
  });

  it('hold at most 64 MB of rows', async () => {
    const box = await dataBox({ 'a.jsonl': `"${'x'.repeat(3 << 20)}"\n`.repeat(50) });
    const { shards } = await box.plan();
    expect(shards.map(({ rows }) => rows)).toEqual([21, 21, 8]);
  });

  it('are as large as the request says', async () => {
    const box = await dataBox({ 'a.jsonl': '1\n'.repeat(25), 'b.jsonl': '2\n'.repeat(10) });
    expect((await box.plan({ shardSize: 10 })).shards.map(({ rows }) => rows)).toEqual([10, 10, 10, 5]);
  });

  it('read each row once, wherever the bytes are cut', async () => {
    const line = (row: number): string => JSON.stringify({ row, text: 'ä€😀'.repeat(row % 97) });
    const text = Array.from({ length: 30_000 }, (_, row) => `${line(row)}\n`).join('');
    const box = await dataBox({ 'a.jsonl': text, 'b.jsonl.gz': gzipSync(text) });
    const rows = await box.rows();
    expect(rows).toHaveLength(60_000);
    expect(rows.every((row, at) => row === line(at % 30_000))).toBe(true);
  });

  it('are read from the row that is wanted', async () => {
    const box = await dataBox({ 'a.jsonl': '1\n2\n3\n', 'b.jsonl': '4\n5\n' });
    const index = await box.plan();
    const from = async (skip: number): Promise<string[]> => {
      const lines: string[] = [];
      for await (const group of readShardRows(index, 0, { signal, skip }))
        lines.push(...group.map(({ text }) => text as string));
      return lines;
    };
    expect(await from(4)).toEqual(['5']);
    expect(await from(1)).toEqual(['2', '3', '4', '5']);
    expect(await from(5)).toEqual([]);
  });

  it('are cut on a thread that ends when it is told to, and leaves nothing', async () => {
    const box = await dataBox({ 'a.csv': `custom_id,input\n${'"",some text\n'.repeat(1_000_000)}` });
    const stop = new AbortController();
    const begun = performance.now();
    const planned = box.plan({ signal: stop.signal, report: () => stop.abort(new Error('enough')) });
    await expect(planned).rejects.toThrow('enough');
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await box.staged()).toEqual([]);
    expect(await readdir(join(box.home, 'scratch'))).toEqual([]);
  });

  it('are refused when a file changes meanwhile', async () => {
    const box = await dataBox({ 'a.jsonl': '1\n2\n3\n' });
    const index = await box.plan();
    await writeFile(join(box.folder, 'a.jsonl'), '1\n2222\n3\n');
    await expect(linesOf(index)).rejects.toMatchObject({
      code: 'IntegrityError',
      message: expect.stringContaining(`${box.folder}/a.jsonl`) as string,
    });
  });
});

interface PlanWishes {
  inputs?: unknown[] | undefined;
  shardSize?: number;
  signal?: AbortSignal;
  report?: () => void;
}

async function dataBox(files: Record<string, string | Buffer>) {
  const root = await temporaryFolder();
  const folder = join(root, 'data');
  const home = join(root, 'home');
  await mkdir(folder);
  for (const [name, data] of Object.entries(files)) await writeFile(join(folder, name), data);
  const names = Object.keys(files).map((name) => ({ kind: 'localPath', value: join(folder, name) }));
  const batch = join(home, 'batch');
  const box = {
    folder,
    home,
    async plan({ inputs = names, shardSize, ...context }: PlanWishes = {}): Promise<ShardIndex> {
      const spec = { name: 'm', task: 'text_embedding', source: { kind: 'local_path', path: folder }, files: [] };
      const request = parseModelAccessJobRequest({ kind: 'BatchInference', backend: 'onnx', spec, inputs });
      const sources = await inputSources(request, createPathGuard([root]), signal);
      const dataSet = { sources, folder: batch, scratch: join(home, 'scratch'), sizes: shardSize };
      return planInThread(dataSet, { signal, report: () => undefined, ...context });
    },
    rows: async (inputs?: unknown[]): Promise<RowText[]> => linesOf(await box.plan({ inputs })),
    values: async (): Promise<unknown[]> => (await box.rows()).map((row) => JSON.parse(row as string) as unknown),
    /** The files of rows in the batch's folder; their folder has a name of its own in each plan. */
    async staged(): Promise<string[]> {
      const found = await readdir(batch).catch(() => []);
      const rows = found.filter((name) => name.startsWith('rows-'));
      const files = await Promise.all(rows.map((name) => readdir(join(batch, name))));
      return files.flat();
    },
  };
  return box;
}

async function linesOf(index: ShardIndex): Promise<RowText[]> {
  const rows: RowText[] = [];
  for (const shard of index.shards.keys()) {
    for await (const lines of readShardRows(index, shard, { signal })) rows.push(...lines.map(({ text }) => text));
  }
  return rows;
}
