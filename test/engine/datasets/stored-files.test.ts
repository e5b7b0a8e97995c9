import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOutcomeScanner } from '../../../engine/datasets/rows-out/outcome-scanner.js';
import { readMended } from '../../../engine/datasets/retry/mended-rows.js';
import { readStagedLine } from '../../../engine/datasets/rows-in/staged-row.js';
import { openPart } from '../../../engine/datasets/shards/part-file.js';
import { publishedLines } from '../../../engine/datasets/shards/published-shards.js';
import { readIndex, writeIndex } from '../../../engine/datasets/shards/shard-index.js';
import { readManifest } from '../../../engine/bundles/manifest-file.js';
import { temporaryFolder } from '../../helpers/activity.js';

const { signal } = new AbortController();
const row = (index: number): string => `{"index":${index},"custom_id":"r${index}","output":[1]}`;
const failed = (index: number): string => `{"index":${index},"error":{"code":"InvalidArgument","message":"no"}}`;

async function fileOf(name: string, text: string): Promise<{ folder: string; path: string }> {
  const folder = await temporaryFolder();
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return { folder, path };
}

async function readAll(lines: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of lines);
}

/** @param place as the message has it: a file, or its line */
function integrityError(place: string) {
  return { code: 'IntegrityError', retryable: false, message: expect.stringContaining(place) as string };
}

describe.each([
  ['is empty', ''],
  ['is cut off', '{"sources":[],"shards":[{"firstRow":0,"ro'],
  ['has values of other types', '{"sources":[],"shards":[{"firstRow":"0","rows":1,"parts":[]}]}'],
  ['is of something else', '{"name":"package","version":"1.0.0"}'],
])('a file that %s', (_what, text) => {
  it('is no plan of a batch', async () => {
    const { folder, path } = await fileOf('index.json', text);
    await expect(readIndex(folder)).rejects.toMatchObject(integrityError(`\`${path}\` is no plan of a batch`));
  });

  it('is no manifest of a bundle', async () => {
    const { folder, path } = await fileOf('manifest.json', text);
    await expect(readManifest(folder)).rejects.toMatchObject(integrityError(`\`${path}\` is no manifest`));
  });
});

/** Two rows of a shard, and a third line. */
const thirdLines: [string, string][] = [
  ['is cut off', '{"index":2,"custom_id":"r2","out'],
  ['has an index of another type', '{"index":"2","output":[1]}'],
  ['is a row again', row(1)],
  ['says neither an output nor an error', '{"index":2,"custom_id":"r2"}'],
  ['says an error of another shape', '{"index":2,"error":"no"}'],
  ['is of something else', 'id,text'],
];

/** An assembly, which reads no outputs, would not see these. */
const brokenValues: [string, string][] = [
  ['is closed, with a broken value', '{"index":2,"output":{"label":"POS","score":0.9.1}}'],
  ['is closed, but for a bracket', '{"index":2,"output":[1,2}'],
  ['has bytes in its middle that are lost', '{"index":2,"output":"a\0\0"}'],
  ['has an id of another kind', '{"index":2,"custom_id":7,"output":1}'],
  ['has its output in another value only', '{"index":2,"metadata":{"output":1}}'],
];

describe.each([...thirdLines, ...brokenValues])('a line that %s', (_what, third) => {
  const text = `${row(0)}\n${failed(1)}\n${third}\n`;

  it('fails who reads the finished shard, by its place', async () => {
    const { folder, path } = await fileOf('shards/000000.jsonl', text);
    await writeIndex(folder, { sources: [], shards: [{ firstRow: 0, rows: 3, parts: [] }] });
    const read = readAll(publishedLines({ folder }, 0, signal));
    await expect(read).rejects.toMatchObject(integrityError(`${path}:3`));
  });

  it('fails who goes on with the part of a shard, by its place, and leaves it as it is', async () => {
    const { folder, path } = await fileOf('000000.jsonl.1.1.tmp.part', text);
    await expect(openPart(join(folder, '000000.jsonl'))).rejects.toMatchObject(integrityError(`${path}:3`));
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});

it.each(thirdLines)('a line that %s is not put together with others', (_what, third) => {
  const scanner = createOutcomeScanner(() => undefined);
  scanner.open(0);
  scanner.push(Buffer.from(`${row(0)}\n${failed(1)}\n${third}\n`));
  expect(scanner.close()).toBeUndefined();
});

describe('a finished shard', () => {
  it.each([
    ['that is empty', '', 1],
    ['that lacks its last row', `${row(0)}\n`, 2],
    ['with a row too many', `${row(0)}\n${row(1)}\n${row(2)}\n`, 3],
  ])('%s is refused', async (_what, text, line) => {
    const { folder, path } = await fileOf('shards/000000.jsonl', text);
    await writeIndex(folder, { sources: [], shards: [{ firstRow: 0, rows: 2, parts: [] }] });
    const read = readAll(publishedLines({ folder }, 0, signal));
    await expect(read).rejects.toMatchObject(integrityError(`${path}:${line}`));
  });
});

describe('the part of a shard', () => {
  it('may end in half a line, which is run again', async () => {
    const { folder } = await fileOf('000000.jsonl.1.1.tmp.part', `${row(0)}\n${failed(1)}\n{"index":2,"ou`);
    const part = await openPart(join(folder, '000000.jsonl'));
    expect(part).toMatchObject({ lines: 2, counts: { succeeded: 1, failed: 1 } });
    await part.close();
  });
});

describe('a row that was copied', () => {
  it.each([
    ['is cut off', '7\t!{"code":"InvalidArg'],
    ['has a fault of another shape', '7\t!{"code":"Odd","message":1}'],
    ['has no place', '{"text":"a"}'],
  ])('is refused where its line %s', (_what, line) => {
    expect(() => readStagedLine(line, '/data/rows:9')).toThrow(/^integrity error: `\/data\/rows:9` is no row/);
  });
});

describe('mended rows', () => {
  it('are refused where a line is none', async () => {
    const { folder, path } = await fileOf('mended/shards/000000.jsonl', '{"at":-1,"text":"a"}\n');
    await expect(readMended(folder, 0, signal)).rejects.toMatchObject(integrityError(path));
  });
});
