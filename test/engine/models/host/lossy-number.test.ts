import { expect, it } from 'vitest';
import { lossyNumber } from '../../../../engine/models/host/lossy-number.js';

it.each([
  ['{"a": 9007199254740993}', '9007199254740993'],
  ['[-12345678901234567890]', '-12345678901234567890'],
  ['1e400', '1e400'],
  ['{"x": [1, -1E+999]}', '-1E+999'],
  ['2e-400', '2e-400'],
])('%s has a number that a double can not hold', (json, number) => {
  expect(lossyNumber(json)).toBe(number);
});

it.each([
  '9007199254740992',
  '1e20',
  '0e999',
  '0.1234567890123456789',
  '{"id": "9007199254740993", "t": "1e400 \\" 9007199254740993"}',
  '1.7976931348623157e308',
  '5e-324',
])('%s keeps its numbers', (json) => {
  expect(lossyNumber(json)).toBeUndefined();
});
