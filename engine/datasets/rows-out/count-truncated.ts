import { metadataKey } from '../shards/row-line.js';

const truncated = Buffer.from(`${metadataKey}{"truncated":`);
const newline = 0x0a;

/** What stands before it in a line; the same words in a column that is kept, or in an output, are theirs. */
const lineStart = /^\{"index":\d+(?:,"custom_id":"(?:[^"\\]|\\.)*")?$/;

/** How many of these lines say that the model saw a part of their inputs only; nothing is parsed. */
export function countTruncated(lines: Buffer): number {
  let count = 0;
  for (let at = lines.indexOf(truncated); at !== -1; at = lines.indexOf(truncated, at + 1)) {
    const start = lines.lastIndexOf(newline, at) + 1;
    if (lineStart.test(lines.toString('utf8', start, at))) count += 1;
  }
  return count;
}
