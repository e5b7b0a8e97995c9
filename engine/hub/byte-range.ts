/** Bytes `start` to `end - 1` of a file. */
export interface ByteRange {
  start: number;
  end: number;
}

/** Takes the bytes of a body in order; a promise asks to wait with more. */
export type Sink = (chunk: Buffer) => Promise<void> | undefined;
