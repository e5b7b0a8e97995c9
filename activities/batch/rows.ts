import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ShardIndex } from './shard-index.js';

/** A row of the data set, as it stands in its file. */
export interface Row {
  /** From 0, over the whole data set. */
  index: number;
  customId?: string;
  /** What the model gets; undefined for a row that can't be read. */
  input?: unknown;
  /** Why a row can't be read. */
  problem?: string;
}

/** The rows of a shard, in order, read as a stream. */
export async function* rowsOfShard(index: ShardIndex, shard: number, signal: AbortSignal): AsyncGenerator<Row> {
  const { firstRow, parts } = index.shards[shard] ?? { firstRow: 0, parts: [] };
  let row = firstRow;
  for (const { source, start, end } of parts) {
    const path = index.sources[source];
    if (path === undefined || end === start) continue;
    const stream = createReadStream(path, { start, end: end - 1, signal });
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      if (line.trim() !== '') yield readRow(line, row++);
    }
    signal.throwIfAborted();
  }
}

/** A row is any JSON value, an object with `input` (and `custom_id`), or one of OpenAI's batch files with `body`. */
function readRow(line: string, index: number): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { index, problem: `the row is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { index, input: value };
  const { custom_id: customId, input, body } = value as Record<string, unknown>;
  const named = typeof customId === 'string' ? { customId } : {};
  if (input !== undefined) return { index, ...named, input };
  return { index, ...named, input: body !== undefined && 'customId' in named ? body : value };
}
