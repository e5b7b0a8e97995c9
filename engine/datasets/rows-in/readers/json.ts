import { ModelJobError } from '../../../../planner/index.js';
import type { RowText } from '../../../models/contract/row-text.js';
import { mostRowBytes, textOfRow, tooLong } from '../source-row.js';
import { stagedLine } from '../staged-row.js';
import { createJsonSplitter } from './json-values.js';
import { lineBuffer } from './line-buffer.js';

/** Bytes that are looked at in one go: others have their turn in between. */
const turnBytes = 1 << 18;

/**
 * The rows of a JSON file, a line each: the elements of its array, or the values in it.
 *
 * @param bytes in UTF-8, without a byte order mark
 * @param label the file's name, for messages
 * @throws ModelJobError `InvalidArgument` for a file that is no JSON as a whole
 */
export async function* jsonRows(bytes: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer> {
  const lines = lineBuffer();
  const blocks: Buffer[] = [];
  let number = 0;
  const splitter = createJsonSplitter((value, sizeBytes) => {
    const text: RowText = sizeBytes > mostRowBytes ? tooLong(sizeBytes) : textOfRow(value);
    const full = lines.add(stagedLine({ place: ` item ${number}`, text }));
    if (full) blocks.push(full);
    number += 1;
  }, mostRowBytes);
  for await (const piece of bytes) {
    for (let from = 0; from < piece.length; from += turnBytes) {
      splitter.push(piece.subarray(from, from + turnBytes));
      yield* blocks.splice(0);
    }
  }
  const problem = splitter.close();
  if (problem !== undefined) throw new ModelJobError('InvalidArgument', `${label} is no JSON: ${problem}`);
  const rest = lines.take();
  if (rest) blocks.push(rest);
  yield* blocks;
}
