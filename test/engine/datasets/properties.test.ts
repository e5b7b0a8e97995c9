import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdFinder, customIdOf } from '../../../engine/datasets/rows-in/custom-id.js';
import { createLineScanner } from '../../../system/files/line-scanner.js';
import { createOutcomeScanner } from '../../../engine/datasets/rows-out/outcome-scanner.js';

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

describe('the search for custom_ids', () => {
  it('finds in any row what a parser finds, however it is laid out', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(row, inner)), fc.constantFrom(undefined, ' '), (values, space) => {
        const lines = values.map((value) => JSON.stringify(value, null, space).replaceAll('\n', ''));
        const chunk = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const find = createIdFinder();
        let from = 0;
        for (const line of lines) {
          const until = from + Buffer.byteLength(line);
          const id = find(chunk, from, until);
          expect(id?.chunk.toString('utf8', id.from, id.until)).toBe(customIdOf(line));
          from = until + 1;
        }
      }),
    );
  });
});

describe('the search for lines', () => {
  it('finds each line that holds anything, wherever the bytes are cut', () => {
    const line = fc.constantFrom('', ' ', '\r', '\t \r', 'a', '"ä€😀"', 'x'.repeat(50));
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 20 }), fc.boolean(), (lines, size, isEnded) => {
        const bytes = Buffer.from(lines.join('\n') + (isEnded ? '\n' : ''));
        const found: [string, number, string][] = [];
        const scanner = createLineScanner((chunk, from, until, size) => {
          const { start, line: number } = scanner;
          found.push([chunk.toString('utf8', from, until), number, bytes.toString('utf8', start, start + size)]);
        }, Infinity);
        scanner.open();
        for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
        scanner.close();
        const wanted = lines.flatMap((content, at) => (content.trim() === '' ? [] : [[content, at + 1, content]]));
        expect(found).toEqual(wanted);
      }),
    );
  });
});

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
