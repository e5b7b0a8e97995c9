import type { SchemaElement } from 'hyparquet';
import { parseFloat16 } from 'hyparquet/src/convert.js';
import {
  dateText,
  decimalText,
  durationText,
  integerOf,
  nanosOfInt96,
  timestampText,
  timeText,
  type TimeUnit,
} from './numbers.js';
import { badByteIn } from '../../../../../system/files/utf8.js';

/** Thrown for a value that has no JSON text; its row is a bad one. */
export class NoText extends Error {}

type TextOf = (value: unknown) => string;

/**
 * How values of a column are written as JSON, from what is stored: integers with all digits (as texts where a number of
 * JSON's may not hold them), decimals as texts with all digits, times in ISO 8601 with the digits of their unit, bytes
 * as Base64. NaN is null, as pandas writes it.
 *
 * @param duration the unit of a column that Arrow calls a duration; Parquet has no such type
 */
export function textOfValues(element: SchemaElement, duration?: TimeUnit): TextOf {
  const { type, converted_type: converted, logical_type: logical } = element;
  const kind = logical?.type;
  if (duration) return (value) => quoted(durationText(integerOf(value), duration));
  if (kind === 'DECIMAL' || converted === 'DECIMAL') {
    const scale = kind === 'DECIMAL' ? logical.scale : (element.scale ?? 0);
    return (value) => quoted(decimalText(integerOf(value), scale));
  }
  if (kind === 'TIMESTAMP') return timestamps(logical.unit, logical.isAdjustedToUTC);
  if (converted === 'TIMESTAMP_MILLIS') return timestamps('MILLIS', true);
  if (converted === 'TIMESTAMP_MICROS') return timestamps('MICROS', true);
  if (type === 'INT96') return (value) => timestamp(nanosOfInt96(value as bigint), 'NANOS', false);
  if (kind === 'TIME') return times(logical.unit);
  if (converted === 'TIME_MILLIS') return times('MILLIS');
  if (converted === 'TIME_MICROS') return times('MICROS');
  if (kind === 'DATE' || converted === 'DATE') return (value) => quoted(dateText(Number(value)));
  if (kind === 'FLOAT16') return (value) => floatText(parseFloat16(value as Uint8Array) ?? NaN);
  if (kind === 'UUID') return (value) => quoted(uuidText(bytesOf(value)));
  if (isText(element)) return (value) => JSON.stringify(stringOf(value));
  if (kind === 'JSON' || converted === 'JSON') return jsonText;
  return plainTexts(element);
}

function plainTexts({ type, converted_type: converted, logical_type: logical }: SchemaElement): TextOf {
  const isUnsigned = (logical?.type === 'INTEGER' && !logical.isSigned) || converted?.startsWith('UINT_') === true;
  switch (type) {
    case 'BOOLEAN':
      return String;
    case 'FLOAT':
    case 'DOUBLE':
      return (value) => floatText(value as number);
    case 'INT32':
      return isUnsigned ? (value) => String((value as number) >>> 0) : String;
    case 'INT64':
      return (value) => longText(isUnsigned ? BigInt.asUintN(64, value as bigint) : (value as bigint));
    default:
      return (value) => quoted(bytesOf(value).toString('base64'));
  }
}

function isText({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING' || logical?.type === 'ENUM';
}

function timestamps(unit: TimeUnit, isUtc: boolean): TextOf {
  return (value) => timestamp(integerOf(value), unit, isUtc);
}

/** A time without a zone has no `Z`: nobody knows which one it is of. */
function timestamp(value: bigint, unit: TimeUnit, isUtc: boolean): string {
  const text = timestampText(value, unit);
  if (text === undefined) throw new NoText('a time is out of range');
  return quoted(isUtc ? `${text}Z` : text);
}

function times(unit: TimeUnit): TextOf {
  return (value) => quoted(timeText(integerOf(value), unit));
}

function longText(value: bigint): string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? String(number) : quoted(String(value));
}

/** A number with a fraction stays one: `1.0`, not `1`. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'null';
  if (!Number.isFinite(value)) throw new NoText(`JSON has no number for ${value}`);
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function stringOf(value: unknown): string {
  const bytes = bytesOf(value);
  const text = bytes.toString();
  if (badByteIn(bytes, text)) throw new NoText('a text is not UTF-8');
  return text;
}

/** JSON within a column stands in the row as the value that it is. */
function jsonText(value: unknown): string {
  const text = stringOf(value);
  try {
    JSON.parse(text);
  } catch {
    throw new NoText('a value of type JSON is no JSON');
  }
  return text.replaceAll(/[\r\n]/g, ' ');
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function bytesOf(value: unknown): Buffer {
  const { buffer, byteOffset, byteLength } = value as Uint8Array;
  return Buffer.from(buffer, byteOffset, byteLength);
}

function quoted(text: string): string {
  return `"${text}"`;
}
