import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdFinder, customIdOf } from '../../../engine/datasets/rows-in/custom-id.js';
import { readShardRows } from '../../../engine/datasets/rows-in/read-shard.js';
import { createOutcomeScanner } from '../../../engine/datasets/rows-out/outcome-scanner.js';
import type { ShardIndex } from '../../../engine/datasets/shards/shard-index.js';
import { createLineScanner } from '../../../system/files/line-scanner.js';
import { temporaryFolder } from '../../helpers/activity.js';
import { planOfFile } from '../../helpers/data-set.js';

const signal = new AbortController().signal;

/** What JavaScript's `trim`, Python's `isspace`, `str.splitlines` or `strip` take for space or a break, and JSON does not. */
const strangeSpaces = Array.from(
  '\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2003\u2007\u2028\u2029\u202f\u205f\u3000\ufeff\0',
);

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('custom_id', '"custom_id":"x"', '\\'),
);
const inner = fc.oneof(fc.jsonValue(), fc.record({ custom_id: text }));

/** An object whose keys stand in any order, `custom_id` perhaps among them. */
const row = fc
  .array(fc.tuple(fc.oneof(text, fc.constant('custom_id')), fc.oneof(inner, text)), { maxLength: 6 })
  .map((entries) => Object.fromEntries(entries));

/** What may stand between the parts of a row; all but the first four make it no JSON. */
const spaces = fc.constantFrom('', ' ', '\t', '\r', ...strangeSpaces);

/** A row as nobody's serializer would write it: odd white space, escapes in keys, keys that stand twice. */
const oddRow = fc
  .array(fc.tuple(oddKey(), fc.oneof(inner, text), fc.array(spaces, { minLength: 4, maxLength: 4 })), { maxLength: 5 })
  .map((entries) => {
    const members = entries.map(
      ([key, value, [a, b, c, d]]) => `${a}${key}${b}:${c}${JSON.stringify(value).replaceAll('\n', '')}${d}`,
    );
    return `{${members.join(',')}}`;
  });

/** `"custom_id"`, each letter perhaps as an escape. */
function oddKey(): fc.Arbitrary<string> {
  const letters = Array.from('custom_id').map((letter) => {
    const code = letter.charCodeAt(0).toString(16).padStart(4, '0');
    return fc.constantFrom(letter, letter, letter, `\\u${code}`, `\\u${code.toUpperCase()}`);
  });
  const id = fc.tuple(...letters).map((chosen) => `"${chosen.join('')}"`);
  return fc.oneof(
    fc.constant('"custom_id"'),
    id,
    text.map((other) => JSON.stringify(other)),
    fc.constant('"\\u00e4"'),
  );
}

describe('the search for custom_ids', () => {
  const plain = fc
    .tuple(fc.oneof(row, inner), fc.constantFrom(undefined, ' '))
    .map(([value, space]) => JSON.stringify(value, null, space).replaceAll('\n', ''));

  it('finds in any row what a parser finds, however it is laid out', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(plain, oddRow)), (lines) => {
        const chunk = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const find = createIdFinder();
        let from = 0;
        for (const line of lines) {
          const until = from + Buffer.byteLength(line);
          const id = find(chunk, from, until);
          if (isJson(line)) expect(id?.chunk.toString('utf8', id.from, id.until)).toBe(customIdOf(line));
          from = until + 1;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a file of lines', () => {
  const line = fc
    .array(fc.oneof(spaces, fc.constantFrom('1', '"ä€😀"', '{"custom_id":', '\uFFFD', 'x'.repeat(50))), {
      maxLength: 4,
    })
    .map((parts) => parts.join(''));
  const file = fc.record({
    lines: fc.array(line, { maxLength: 30 }),
    end: fc.constantFrom('\n', '\r\n', ''),
    mark: fc.constantFrom('', '\uFEFF'),
    size: fc.integer({ min: 1, max: 20 }),
  });

  it('has the rows that stand between line feeds, wherever its bytes are cut', () => {
    fc.assert(
      fc.property(file, ({ lines, end, mark, size }) => {
        const bytes = Buffer.from(mark + lines.map((content) => content + end).join(''));
        const found: [string, number, string][] = [];
        const scanner = createLineScanner((chunk, from, until, bytesOfIt) => {
          const { start, line: number } = scanner;
          found.push([chunk.toString('utf8', from, until), number, bytes.toString('utf8', start, start + bytesOfIt)]);
        }, Infinity);
        scanner.open();
        for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
        scanner.close();
        expect(found).toEqual(rowsIn(bytes).map(({ content, number }) => [content, number, content]));
      }),
    );
  });

  it('has the same rows in its plan and in its shards, as it is and unpacked', async () => {
    const folder = await temporaryFolder();
    let run = 0;
    // A NUL among the first bytes says that a file is no text: it is refused before it has rows.
    const textFile = file.filter(({ lines }) => !lines.join('').includes('\0'));
    const sizes = fc.integer({ min: 1, max: 5 });
    const property = fc.asyncProperty(textFile, sizes, async ({ lines, end, mark }, shardSize) => {
      const bytes = Buffer.from(mark + lines.map((content) => content + end).join(''));
      const wanted = rowsIn(bytes);
      for (const [name, data] of [
        ['a.jsonl', bytes],
        ['a.jsonl.gz', gzipSync(bytes)],
      ] as const) {
        const index = await planOf(join(folder, String(run++)), name, data, shardSize);
        const found = [];
        for (const shard of index.shards.keys()) {
          for await (const group of readShardRows(index, shard, { signal })) found.push(...group);
        }
        expect(index.shards.map(({ rows }) => rows)).toEqual(
          wanted.flatMap((_, at) => (at % shardSize === 0 ? [Math.min(shardSize, wanted.length - at)] : [])),
        );
        expect(found.map(({ text: content, place }) => ({ content, number: place }))).toEqual(wanted);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

/** The rule of the documents, in other words: JSON's white space alone is nothing, and a line feed alone is a break. */
function rowsIn(bytes: Buffer): { content: string; number: number }[] {
  return bytes
    .toString()
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((content, at) => ({ content, number: at + 1 }))
    .filter(({ content }) => !/^[ \t\r]*$/.test(content));
}

async function planOf(folder: string, name: string, data: Buffer, shardSize: number): Promise<ShardIndex> {
  await mkdir(folder);
  await writeFile(join(folder, name), data);
  return planOfFile(join(folder, name), { sizes: shardSize });
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

describe('the search for errors', () => {
  it('tells outputs from errors as a parser does, wherever the bytes are cut', () => {
    const error = fc.record({ code: text, message: text });
    const outcome = fc.oneof(
      fc.record({ custom_id: text, output: inner }),
      fc.record({ output: inner }),
      fc.record({ custom_id: text, error }),
      fc.record({ error }),
      fc.tuple(error, text).map(([failure, custom_id]) => ({ error: failure, custom_id })),
    );
    fc.assert(
      fc.property(fc.array(outcome), fc.integer({ min: 1, max: 200 }), fc.nat(), (outcomes, size, firstRow) => {
        const lines = outcomes.map((value, at) => `${JSON.stringify({ index: firstRow + at, ...value })}\n`);
        const bytes = Buffer.from(lines.join(''));
        const found = { output: '', error: '' };
        const counts = { output: 0, error: 0 };
        const scanner = createOutcomeScanner((kind, run, count) => {
          found[kind] += run.toString();
          counts[kind] += count;
        });
        scanner.open(firstRow);
        for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
        expect(scanner.close()).toBe(lines.length);
        const errors = lines.filter((_, at) => 'error' in outcomes[at]!);
        const outputs = lines.filter((_, at) => 'output' in outcomes[at]!);
        expect(found).toEqual({ output: outputs.join(''), error: errors.join('') });
        expect(counts).toEqual({ output: outputs.length, error: errors.length });
      }),
    );
  });
});
