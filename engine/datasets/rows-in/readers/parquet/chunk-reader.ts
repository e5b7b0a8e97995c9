/** Reads a file from any byte on. */
export interface FileBytes {
  sizeBytes: number;
  /** `end` is not included. */
  read(start: number, end: number): Promise<Buffer>;
}

/** Reads a stretch of a file from its beginning on, a window at a time. */
export interface ChunkReader {
  /** `count` bytes or more from where the reader stands, fewer only at the file's end. Nothing is taken. */
  peek(count: number): Promise<Buffer>;
  /** Goes on behind bytes that were peeked at. */
  skip(count: number): void;
}

/**
 * @param start where it begins in the file, in bytes
 * @param windowBytes how much is read at once, unless more is asked for
 */
export function createChunkReader(file: FileBytes, start: number, windowBytes: number): ChunkReader {
  let position = start;
  let window: Buffer = Buffer.alloc(0);
  return {
    async peek(count) {
      const missing = count - window.length;
      if (missing > 0 && position < file.sizeBytes) {
        const end = Math.min(position + Math.max(missing, windowBytes), file.sizeBytes);
        window = Buffer.concat([window, await file.read(position, end)]);
        position = end;
      }
      return window;
    },
    skip(count) {
      window = window.subarray(count);
    },
  };
}
