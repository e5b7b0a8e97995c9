import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lossyNumber } from '../../../../engine/models/host/lossy-number.js';

it.each([
  ['{"a": 9007199254740993}', '9007199254740993'],
  ['[-12345678901234567890]', '-12345678901234567890'],
  ['1e400', '1e400'],
  ['{"x": [1, -1E+999]}', '-1E+999'],
  ['2e-400', '2e-400'],
  ['[0.5, 0.1234567890123456789]', '0.1234567890123456789'],
  ['9007199254740993.0', '9007199254740993.0'],
  ['1.2345678901234567e-320', '1.2345678901234567e-320'],
  ['{"a": 3.14159265358979323846264338327950288}', '3.14159265358979323846264338327950288'],
])('%s has a number that a double can not hold', (json, number) => {
  expect(lossyNumber(json)).toBe(number);
});

it.each([
  '9007199254740992',
  '1e20',
  '0e999',
  '[0.30000000000000004, 0.1, 1.0, 1e-7, 1E+22, 100.00000000000000000000]',
  '0.1000000000000000055511151231257827',
  '-0.0',
  '{"id": "9007199254740993", "t": "1e400 \\" 9007199254740993"}',
  '1.7976931348623157e308',
  '5e-324',
])('%s keeps its numbers', (json) => {
  expect(lossyNumber(json)).toBeUndefined();
});

it('integers of any length are left alone where their text is handed on', () => {
  expect(lossyNumber('[9007199254740993]', { integers: false })).toBeUndefined();
  expect(lossyNumber('[9007199254740993, 1e400]', { integers: false })).toBe('1e400');
});

it('a number between texts of megabytes is found', () => {
  const long = JSON.stringify('\\"x'.repeat(3_000_000));
  expect(lossyNumber(`[${long}, 9007199254740993, ${long}]`)).toBe('9007199254740993');
});

it('what any double is written as is given back', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 17, max: 40 }),
      (value, digits) => {
        expect(lossyNumber(JSON.stringify([value]))).toBeUndefined();
        expect(lossyNumber(`[${value.toPrecision(digits)}]`)).toBeUndefined();
      },
    ),
  );
});
