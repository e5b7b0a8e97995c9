import { faultOf, type Fault } from './faults.js';

/** Which part of a body is sent, and how it is announced; `end` is not included. */
export interface Part {
  status: number;
  start: number;
  end: number;
  headers: Record<string, string>;
}

type RequestHeaders = Record<string, string | string[] | undefined>;

/**
 * What a `Range` header gets, by RFC 9110 section 14: one range is honoured, a malformed header and lists of
 * ranges are ignored, and a range behind the end is 416. `If-Range` must match the ETag.
 */
export function choosePart(headers: RequestHeaders, sizeBytes: number, etag: string | undefined, fault?: Fault): Part {
  const whole: Part = { status: 200, start: 0, end: sizeBytes, headers: {} };
  const ifRange = headers['if-range'];
  if (faultOf(fault, 'ignore-range') || faultOf(fault, 'gzip') || (ifRange !== undefined && ifRange !== etag)) {
    return whole;
  }
  const range = parseRange(headers.range, sizeBytes);
  if (range === undefined) {
    return whole;
  }
  if (range.start >= range.end) {
    return { status: 416, start: 0, end: 0, headers: { 'Content-Range': `bytes */${sizeBytes}` } };
  }
  const { start, end } = shifted(range, sizeBytes, faultOf(fault, 'wrong-range')?.shift ?? 0);
  return { status: 206, start, end, headers: { 'Content-Range': `bytes ${start}-${end - 1}/${sizeBytes}` } };
}

function parseRange(
  header: string | string[] | undefined,
  sizeBytes: number,
): { start: number; end: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(String(header ?? '')) ?? [];
  if (first === '' && last === '') {
    return undefined;
  }
  if (first === '') {
    return { start: Math.max(sizeBytes - Number(last), 0), end: sizeBytes };
  }
  if (last !== '' && Number(last) < Number(first)) {
    return undefined;
  }
  return { start: Number(first), end: last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) };
}

function shifted(
  range: { start: number; end: number },
  sizeBytes: number,
  shift: number,
): { start: number; end: number } {
  const start = Math.min(Math.max(range.start + shift, 0), sizeBytes - 1);
  return { start, end: Math.min(Math.max(range.end + shift, start + 1), sizeBytes) };
}
