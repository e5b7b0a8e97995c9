import { readFile, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { batchBox } from '../../helpers/batch.js';

const rows = [
  '{"custom_id":"a","input":"one"}',
  '{"custom_id":"b","input":"bad"}',
  '{"custom_id":"c","input":"three"}',
  '"four"',
  '{"custom_id":"e","input":',
  '"bad too"',
];

describe('a retry over inputs that were mended in place', () => {
  it('runs the mended rows, whatever their length, and takes over the others', async () => {
    const box = await triedBatch();
    await box.mend({ 1: '{"custom_id":"b","input":"a much longer text"}', 4: '{"custom_id":"e","input":5}', 5: '6' });
    expect(await box.retry()).toMatchObject({ succeeded: 6, failed: 0 });
    expect(await box.outputs()).toEqual([
      [0, 'a', 'one'],
      [1, 'b', 'a much longer text'],
      [2, 'c', 'three'],
      [3, undefined, 'four'],
      [4, 'e', 5],
      [5, undefined, 6],
    ]);
  });

  it('runs those again that are as they were, and says where they stand', async () => {
    const box = await triedBatch();
    await box.mend({ 4: '{"custom_id":"e","input":"five"}\n' });
    expect(await box.retry()).toMatchObject({ succeeded: 4, failed: 2 });
    expect((await box.lines('errors.jsonl')).map(({ index, source }) => [index, source])).toEqual([
      [1, `${box.data}:2`],
      [5, `${box.data}:7`],
    ]);
  });

  it('is refused where a row that has succeeded is another one, or elsewhere', async () => {
    const box = await triedBatch();
    const text = await readFile(box.data, 'utf8');
    const changes: [string, RegExp][] = [
      [`${text.trimEnd().split('\n').sort().join('\n')}\n`, /row 0 \(.*data\.jsonl:1\) has succeeded/],
      [text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1), /had 6 rows .* have 5 now/],
      [`${text}"seven"\n`, /had 6 rows .* have 7 now/],
      [text.replace('"four"', '"FOUR"'), /row 3 \(.*data\.jsonl:4\) has succeeded/],
    ];
    for (const [other, why] of changes) {
      await writeFile(box.data, other);
      const message = expect.stringMatching(why) as string;
      await expect(box.retry()).rejects.toMatchObject({ type: 'IntegrityError', message });
    }
    await writeFile(box.data, `\uFEFF${rows.join('\r\n')}\r\n`);
    expect(await box.retry()).toMatchObject({ succeeded: 3, failed: 3 });
  });

  it('runs all rows of a shard that was not finished', async () => {
    const box = await batchBox('echo', rows.join('\n'), { options: { batch: { shardSize: 2 } } });
    await box.runAll([0]);
    await box.mend({ 1: '"two"', 2: '"another one"', 4: '5', 5: '6' });
    expect(await box.retry()).toMatchObject({ succeeded: 6 });
    expect((await box.outputs()).map(([, , output]) => output)).toEqual(['one', 'two', 'another one', 'four', 5, 6]);
  });
});

describe('a retry over inputs that are read by a copy', () => {
  const gzip = (text: string): Buffer => gzipSync(text);
  const texts: [name: string, text: (second: string) => string | Buffer][] = [
    ['data.csv', (second) => `custom_id,input\na,one\nb,${second}\nc,three\n`],
    ['data.json', (second) => `[{"custom_id":"a","input":"one"},\n{"custom_id":"b","input":"${second}"},"three"]`],
    ['data.jsonl.gz', (second) => gzip(`{"custom_id":"a","input":"one"}\n{"custom_id":"b","input":"${second}"}\n3\n`)],
  ];

  it.each(texts)('runs the mended rows of %s', async (name, text) => {
    const box = await batchBox('echo', text('bad'), { name, options: { batch: { shardSize: 2 } } });
    expect(await box.runAll()).toMatchObject({ succeeded: 2, failed: 1 });
    await writeFile(box.data, text('mended'));
    expect(await box.retry()).toMatchObject({ succeeded: 3, failed: 0 });
    expect((await box.outputs())[1]).toEqual([1, 'b', 'mended']);
  });
});

describe('a retry with mended rows apart', () => {
  it('gives way to what was mended in the inputs since', async () => {
    const box = await triedBatch();
    const fixed = await box.file('fixed.jsonl', ['{"custom_id":"b","input":"bad"}', '{"index":5,"input":"six"}']);
    expect(await box.retry({ mended: [fixed] })).toMatchObject({ succeeded: 4, failed: 2 });
    await box.mend({ 1: '{"custom_id":"b","input":"mended in place"}' });
    expect(await box.retry({ of: 'retry', runKey: 'retry-2' })).toMatchObject({ succeeded: 5, failed: 1 });
    const outputs = (await box.outputs()).filter(([index]) => index === 1 || index === 5);
    expect(outputs).toEqual([
      [1, 'b', 'mended in place'],
      [5, undefined, 'six'],
    ]);
  });

  it('is refused for lines of the error file that were not mended, and for rows of another name', async () => {
    const box = await triedBatch(['*']);
    const kept = (await box.lines('errors.jsonl')).map((line) => JSON.stringify(line));
    const bare = (await box.lines('errors.jsonl')).map(({ input: _, ...line }) => JSON.stringify(line));
    const others: [string, RegExp][] = [
      [kept[1] ?? '', /fixed\.jsonl:1: its `input` is the text of a row that is no JSON/],
      [bare[0] ?? '', /fixed\.jsonl:1: a line of an error file needs the mended row as its `input`/],
      [bare[2] ?? '', /fixed\.jsonl:1: a line of an error file needs/],
      ['{"index":1,"input":{"custom_id":"a","input":"x"}}', /it is named "a", and takes the place of "b"/],
    ];
    for (const [line, why] of others) {
      const fixed = await box.file('fixed.jsonl', [line]);
      const message = expect.stringMatching(why) as string;
      await expect(box.retry({ mended: [fixed] })).rejects.toMatchObject({ type: 'InvalidArgument', message });
    }
  });

  it('puts them in the places of failed rows by custom_id, by index where there is none, and under the name that those had', async () => {
    const box = await triedBatch();
    await rm(box.data);
    const fixed = await box.file('fixed.jsonl', [
      '{"index":4,"input":5.0}',
      '{"input":"two","custom_id":"b","lang":"de"}',
      '{"index":5,"text":"six"}',
    ]);
    expect(await box.retry({ mended: [fixed] })).toMatchObject({ succeeded: 6, failed: 0 });
    expect((await box.outputs()).filter(([index]) => [1, 4, 5].includes(Number(index)))).toEqual([
      [1, 'b', 'two'],
      [4, undefined, 5],
      [5, undefined, { text: 'six' }],
    ]);
  });

  it('takes lines of the error file whose `input` was mended', async () => {
    const box = await triedBatch(['*']);
    const errors = (await box.lines('errors.jsonl')).map((line) => ({ ...line, input: { input: 'mended', n: 1 } }));
    const fixed = await box.file(
      'fixed.jsonl',
      errors.map((line) => JSON.stringify(line)),
    );
    expect(await box.retry({ mended: [fixed] })).toMatchObject({ succeeded: 6 });
    expect((await box.outputs()).filter(([, , output]) => JSON.stringify(output).includes('mended'))).toEqual([
      [1, 'b', 'mended'],
      [4, undefined, { input: 'mended', n: 1 }],
      [5, undefined, { input: 'mended', n: 1 }],
    ]);
  });

  it('runs the other failed rows as they are, and later retries the mended ones', async () => {
    const box = await triedBatch();
    const fixed = await box.file('fixed.csv', ['index,text', '4,still bad', '5,six']);
    expect(await box.retry({ mended: [fixed] })).toMatchObject({ succeeded: 4, failed: 2 });
    expect((await box.lines('errors.jsonl')).map(({ index, source }) => [index, source])).toEqual([
      [1, `${box.data}:2`],
      [4, `${fixed.value}:2`],
    ]);
    const again = { of: 'retry', runKey: 'retry-2' };
    expect(await box.retry(again)).toMatchObject({ succeeded: 4, failed: 2 });
    expect((await box.lines('errors.jsonl')).at(-1)).toMatchObject({ source: `${fixed.value}:2` });
  });

  it('finds rows of shards that were not finished', async () => {
    const box = await batchBox('echo', rows.join('\n'), { options: { batch: { shardSize: 3 } } });
    await box.runAll([1]);
    const fixed = await box.file('fixed.jsonl', ['{"custom_id":"b","input":"two"}', '{"index":0,"input":1}']);
    expect(await box.retry({ mended: [fixed] })).toMatchObject({ succeeded: 4, failed: 2 });
    expect((await box.outputs()).slice(0, 2)).toEqual([
      [0, 'a', 1],
      [1, 'b', 'two'],
    ]);
  });

  it('is refused for rows that are of none that failed, or of one twice', async () => {
    const box = await triedBatch();
    const others: [string, RegExp][] = [
      ['{"custom_id":"a","input":1}', /fixed\.jsonl:2: no row of custom_id "a" has failed/],
      ['{"index":0,"input":1}', /fixed\.jsonl:2: row 0 has not failed/],
      ['{"index":17,"input":1}', /fixed\.jsonl:2: row 17 has not failed/],
      ['{"input":1}', /fixed\.jsonl:2: a mended row needs the `custom_id` of a row that failed, or its `index`/],
      ['7', /fixed\.jsonl:2: a mended row needs/],
      ['{"index":1,', /fixed\.jsonl:2: the row is not JSON/],
      ['{"index":1,"input":2}', /fixed\.jsonl:2: .*is mended in .*fixed\.jsonl:1 already|fixed\.jsonl:1: .*:2 already/],
      ['{"custom_id":"b","input":3}', /duplicate custom_id "b"/],
    ];
    for (const [line, why] of others) {
      const fixed = await box.file('fixed.jsonl', ['{"custom_id":"b","input":"two"}', line]);
      const message = expect.stringMatching(why) as string;
      await expect(box.retry({ mended: [fixed] })).rejects.toMatchObject({ type: 'InvalidArgument', message });
    }
  });
});

/** A batch of the rows above, of which three have failed. */
async function triedBatch(keep?: string[]) {
  const options = { batch: { shardSize: 4, ...(keep && { keep: keep.includes('*') ? '*' : keep }) } };
  const box = await batchBox('echo', `${rows.join('\n')}\n`, { options });
  expect(await box.runAll()).toMatchObject({ succeeded: 3, failed: 3 });
  return box;
}
