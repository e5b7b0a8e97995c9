import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createJsonSplitter } from '../../../engine/datasets/rows-in/readers/json-values.js';
import { createRecordScanner } from '../../../engine/datasets/rows-in/readers/csv-records.js';

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 30 });

/** Bytes in pieces of these sizes, over and over. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + (lengths[turn % lengths.length] ?? 1);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

function recordsOf(pieces: readonly Buffer[]): unknown[] {
  const found: unknown[] = [];
  const scanner = createRecordScanner(
    { delimiter: 0x2c, quote: 0x22 },
    ({ bytes, ends, line }) => found.push([bytes.toString('latin1'), [...ends], line]),
    Infinity,
  );
  pieces.forEach((piece) => scanner.push(piece));
  return [...found, scanner.close()];
}

function valuesOf(pieces: readonly Buffer[]): unknown[] {
  const found: unknown[] = [];
  const splitter = createJsonSplitter((text) => found.push(text.toString('latin1')), Infinity);
  pieces.forEach((piece) => splitter.push(piece));
  return [...found, splitter.close()];
}

it('records of CSV are the same wherever the bytes are cut, a line break of two bytes within quotes too', () => {
  const part = fc.constantFrom('a', 'ä', ',', '"', '""', '\r\n', '\n', '\r', ' ', '\t', '"x\r\ny",');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), sizes, (parts, lengths) => {
      const bytes = Buffer.from(parts.join(''));
      expect(recordsOf(cut(bytes, lengths))).toEqual(recordsOf([bytes]));
    }),
    { numRuns: 500 },
  );
});

it('values of JSON are the same wherever the bytes are cut', () => {
  const part = fc.constantFrom(
    '[',
    ']',
    '{"a":',
    '}',
    ',',
    '"',
    '\\',
    '\\"',
    '1',
    'true',
    ' ',
    '\n',
    '\r',
    '"ä,]"',
    '\ufeff',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), sizes, (parts, lengths) => {
      const bytes = Buffer.from(parts.join(''));
      expect(valuesOf(cut(bytes, lengths))).toEqual(valuesOf([bytes]));
    }),
    { numRuns: 500 },
  );
});

it('an array of any values, however it is laid out, has those values for rows', () => {
  const space = fc.constantFrom(undefined, 0, 1, '\t');
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), space, sizes, (values, indent, lengths) => {
      const found = valuesOf(cut(Buffer.from(JSON.stringify(values, null, indent)), lengths));
      expect(found.pop()).toBeUndefined();
      const rows = found.map((text) => Buffer.from(text as string, 'latin1').toString());
      expect(rows.some((row) => row.includes('\n'))).toBe(false);
      expect(rows.map((row) => JSON.parse(row) as unknown)).toEqual(JSON.parse(JSON.stringify(values)));
    }),
  );
});
