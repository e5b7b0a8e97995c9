import { metadataKey } from '../shards/row-line.js';

const truncated = Buffer.from(`${metadataKey}{"truncated":`);
const output = Buffer.from(',"output":');
const newline = 0x0a;

/** How many of these lines say that the model saw a part of their inputs only; nothing is parsed. */
export function countTruncated(lines: Buffer): number {
  let count = 0;
  for (let at = lines.indexOf(truncated); at !== -1; at = lines.indexOf(truncated, at + 1)) {
    const start = lines.lastIndexOf(newline, at) + 1;
    // The same words inside an output are the output's.
    if (lines.indexOf(output, start) > at) count += 1;
  }
  return count;
}
