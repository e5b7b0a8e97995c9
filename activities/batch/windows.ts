import { linesOf } from './lines.js';
import type { ShardIndex } from './shard-index.js';

/** Rows that are sorted by length together, and written together. */
export interface Window {
  /** Index of the first row in the data set. */
  firstRow: number;
  rows: string[];
}

/** The most text in one window, in characters. */
const mostText = 8 << 20;

/**
 * The rows of a shard as text, in windows.
 *
 * @param skip rows that are done already
 * @param size asked before each window for its number of rows
 */
export async function* windowsOfShard(
  index: ShardIndex,
  shard: number,
  { skip, size, signal }: { skip: number; size: () => number; signal: AbortSignal },
): AsyncGenerator<Window> {
  const { firstRow, parts } = index.shards[shard] ?? { firstRow: 0, parts: [] };
  let row = firstRow;
  let rows: string[] = [];
  let text = 0;
  for (const { source, start, end } of parts) {
    const path = index.sources[source];
    if (path === undefined) continue;
    for await (const lines of linesOf(path, { start, end, signal })) {
      for (const line of lines) {
        if (row++ < firstRow + skip) continue;
        rows.push(line);
        text += line.length;
        if (rows.length < size() && text < mostText) continue;
        yield { firstRow: row - rows.length, rows };
        rows = [];
        text = 0;
      }
    }
  }
  if (rows.length > 0) yield { firstRow: row - rows.length, rows };
}
