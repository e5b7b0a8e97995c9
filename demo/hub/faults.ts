/** What may go wrong with one answer. Byte counts are of the answer's own body, offsets of the whole file. */
export type Fault =
  | StatusFault
  | ResetFault
  | StallFault
  | TruncateFault
  | FlipFault
  | IgnoreRangeFault
  | WrongRangeFault
  | EtagFault
  | WrongLengthFault
  | GzipFault;

/** Another answer instead: for instance 429 or 503 with `Retry-After`. */
export interface StatusFault {
  kind: 'status';
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** The connection is reset (TCP RST): before the headers, or after so many bytes of the body at most. */
export interface ResetFault {
  kind: 'reset';
  afterBytes?: number;
}

/** Nothing more comes: before the headers, or after so many bytes; for ever, or for a time. */
export interface StallFault {
  kind: 'stall';
  afterBytes?: number;
  forMs?: number;
}

/** The body ends early: the connection is closed, or, with `silent`, ended as if all had come (chunked). */
export interface TruncateFault {
  kind: 'truncate';
  afterBytes: number;
  silent?: boolean;
}

/** One byte of the file is inverted wherever it is sent. */
export interface FlipFault {
  kind: 'flip';
  offset: number;
}

/** A range request gets 200 and the whole file. */
export interface IgnoreRangeFault {
  kind: 'ignore-range';
}

/** A range request gets 206 with a range that begins so many bytes later, and says so in `Content-Range`. */
export interface WrongRangeFault {
  kind: 'wrong-range';
  shift: number;
}

/** `ETag` and `X-Linked-Etag` have this value, quotes included. */
export interface EtagFault {
  kind: 'etag';
  etag: string;
}

/** `Content-Length` differs by so much: a smaller one cuts the body, after a larger one the connection closes. */
export interface WrongLengthFault {
  kind: 'wrong-length';
  difference: number;
}

/** The whole file compressed, with a weak ETag and without a length or ranges, as CDNs do with text. */
export interface GzipFault {
  kind: 'gzip';
}

/** The fault, if it is of that kind. */
export function faultOf<K extends Fault['kind']>(
  fault: Fault | undefined,
  kind: K,
): Extract<Fault, { kind: K }> | undefined {
  return isKind(fault, kind) ? fault : undefined;
}

function isKind<K extends Fault['kind']>(fault: Fault | undefined, kind: K): fault is Extract<Fault, { kind: K }> {
  return fault?.kind === kind;
}
