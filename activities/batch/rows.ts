import { dataRow, type DataRow } from '../inference/row.js';
import { linesOf } from './lines.js';
import type { ShardIndex } from './shard-index.js';

/** A row of the data set, as it stands in its file. */
export interface Row extends Partial<DataRow> {
  /** From 0, over the whole data set. */
  index: number;
  /** Why a row can't be read. */
  problem?: string;
}

/** The rows of a shard, in order, read as a stream. */
export async function* rowsOfShard(index: ShardIndex, shard: number, signal: AbortSignal): AsyncGenerator<Row> {
  const { firstRow, parts } = index.shards[shard] ?? { firstRow: 0, parts: [] };
  let row = firstRow;
  for (const { source, start, end } of parts) {
    const path = index.sources[source];
    if (path === undefined) continue;
    for await (const lines of linesOf(path, { start, end, signal })) {
      for (const line of lines) yield readRow(line, row++);
    }
  }
}

function readRow(line: string, index: number): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { index, problem: `the row is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  return { index, ...dataRow(value) };
}
