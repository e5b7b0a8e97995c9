import { crc32 } from 'node:zlib';

/** The CRC-32 of a file's bytes as they come, which can be asked for in the middle of what came last. */
export interface RunningHash {
  /** Begins with a file at its byte `at`; what came before it counts as `crc`. */
  open(at: number, crc?: number): void;
  push(bytes: Buffer): void;
  /** The hash of all bytes before byte `end`; it never goes back. */
  upTo(end: number): number;
}

export function createRunningHash(): RunningHash {
  let crc = 0;
  let at = 0;
  let bytes: Buffer = Buffer.alloc(0);
  const upTo = (end: number): number => {
    // The hash of nothing is 0, whatever came before it.
    if (end > at) crc = crc32(bytes.subarray(0, end - at), crc);
    bytes = bytes.subarray(end - at);
    at = end;
    return crc;
  };
  return {
    open(start, before = 0) {
      crc = before;
      at = start;
      bytes = Buffer.alloc(0);
    },
    push(more) {
      upTo(at + bytes.length);
      bytes = more;
    },
    upTo,
  };
}
