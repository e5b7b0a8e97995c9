import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ModelJobError } from '../../../../planner/index.js';

/** Some programs begin a file with a byte order mark; it is no part of the first row. */
const mark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The bytes of a gzipped file, without a byte order mark.
 *
 * @param label the file's name, for messages
 * @throws ModelJobError `InvalidArgument` for what is no gzip, or ends too early
 */
export async function* gunzip(bytes: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer> {
  const unzip = createGunzip({ chunkSize: 1 << 18 });
  // A fault of the source comes out of `unzip` too.
  pipeline(Readable.from(bytes), unzip, () => undefined);
  let isFirst = true;
  try {
    for await (const data of unzip) {
      const chunk = data as Buffer;
      yield isFirst && chunk.subarray(0, mark.length).equals(mark) ? chunk.subarray(mark.length) : chunk;
      isFirst = false;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!code.startsWith('Z_')) throw error;
    throw new ModelJobError('InvalidArgument', `${label} is no whole gzip file: ${(error as Error).message}`);
  }
}
