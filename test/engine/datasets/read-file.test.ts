import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inputSources, nameOfRow, planInThread, readShardRows } from '../../../engine/datasets/rows-in/index.js';
import { createPathGuard } from '../../../engine/workspace/paths.js';
import { parseModelAccessJobRequest } from '../../../planner/index.js';
import { temporaryFolder } from '../../helpers/activity.js';

const signal = new AbortController().signal;

describe('a file', () => {
  it('of TSV has no quotes: each line is a row', async () => {
    const file = 'custom_id\ttext\na\t"Hello, she began\nb\tplain\nc\tand ended"\n';
    expect(
      (await rowsOf('q.tsv', file)).map(({ text }) => (JSON.parse(text as string) as { text: string }).text),
    ).toEqual(['"Hello, she began', 'plain', 'and ended"']);
  });

  it('of CSV is read as pandas reads it', async () => {
    const rows = await rowsOf('a.csv', 'custom_id,text\na,5" pipe\n \nb,"x""y"z\rc,"1\n2"\n');
    expect(rows.map(({ text }) => JSON.parse(text as string) as unknown)).toEqual([
      { custom_id: 'a', text: '5" pipe' },
      { custom_id: 'b', text: 'x"yz' },
      { custom_id: 'c', text: '1\n2' },
    ]);
    expect(rows.map((row) => nameOfRow(row).split('/').at(-1))).toEqual(['a.csv:2', 'a.csv:4', 'a.csv:5']);
  });

  it('of CSV that is separated otherwise is refused with a hint, and read as the request says', async () => {
    await expect(rowsOf('a.csv', 'a;b\n1;2\n')).rejects.toThrow('options.batch.csv: {"delimiter": ";"}');
    const [row] = await rowsOf('a.csv', Buffer.from('a;b\ncaf\xe9;2\n', 'latin1'), {
      delimiter: ';',
      encoding: 'latin1',
    });
    expect(row?.text).toBe('{"a":"café","b":"2"}');
  });

  it('that holds a JSON array has its elements for rows', async () => {
    const rows = await rowsOf('a.json', ' [ {"a": 1,\n "b": "x]"} , 2,"\\"["\n]');
    expect(rows.map(({ text }) => (text as string).trim())).toEqual(['{"a": 1,  "b": "x]"}', '2', '"\\"["']);
    await expect(rowsOf('a.json', '[1,2')).rejects.toThrow('a.json is no JSON: it ends within');
  });

  it('in UTF-16 is read by its byte order mark', async () => {
    const [row] = await rowsOf('a.jsonl', Buffer.from('\uFEFF"ä"\n', 'utf16le'));
    expect(row?.text).toBe('"ä"');
  });

  it('that is not what its name says is refused', async () => {
    await expect(rowsOf('a.jsonl', gzipSync('1\n'))).rejects.toThrow('its name should end with .gz');
    await expect(rowsOf('a.xlsx', 'x')).rejects.toThrow('is not read');
    await expect(rowsOf('a.txt', 'hello\nworld\n')).rejects.toThrow('its first line is no JSON');
    await expect(rowsOf('a.jsonl', '[\n1,\n2\n]\n')).rejects.toThrow('its name should end with .json');
  });

  it('has bad rows where its bytes are no UTF-8, and where a line holds something else than JSON', async () => {
    const rows = await rowsOf('a.jsonl', Buffer.from('{"custom_id":"a","input":"caf\xe9"}\n\xc2\xa0\n1\n', 'latin1'));
    expect(rows.map(({ text }) => text)).toEqual([
      { code: 'InvalidArgument', message: 'the row is not UTF-8: byte 0xE9 at byte 30', customId: 'a' },
      '\u00a0',
      '1',
    ]);
  });

  it('has one bad row for a line of 100 MB', async () => {
    const [first, second] = await rowsOf('a.jsonl', `"${'x'.repeat(100 << 20)}"\n"y"\n`);
    expect(first?.text).toMatchObject({
      code: 'ResourceLimit',
      message: expect.stringContaining('104857602') as string,
    });
    expect(second?.text).toBe('"y"');
  });
});

async function rowsOf(name: string, data: string | Buffer, csv?: object) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), data);
  const spec = { name: 'm', task: 'text_embedding', source: { kind: 'local_path', path: folder }, files: [] };
  const inputs = [{ kind: 'localPath', value: join(folder, name) }];
  const request = parseModelAccessJobRequest({ kind: 'BatchInference', backend: 'onnx', spec, inputs });
  const sources = await inputSources(request, createPathGuard([folder]), signal);
  const dataSet = { sources, folder: join(folder, 'batch'), scratch: join(folder, 'scratch'), csv };
  const index = await planInThread(dataSet, { signal, report: () => undefined });
  const rows = [];
  for (const shard of index.shards.keys())
    for await (const group of readShardRows(index, shard, { signal })) rows.push(...group);
  return rows;
}
