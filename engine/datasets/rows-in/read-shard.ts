import { ModelJobError } from '../../../planner/index.js';
import { createLineScanner } from '../../../system/files/line-scanner.js';
import type { RowSource, ShardIndex, ShardPart } from '../shards/shard-index.js';
import { checkedBytes } from './checked-bytes.js';
import { refuseChange } from './same-source.js';
import { mostRowBytes, rowIn, type SourceRow } from './source-row.js';

export interface ReadShard {
  signal: AbortSignal;
  /** Rows at the shard's beginning that are left out, for they are done. Default: 0. */
  skip?: number;
}

/**
 * The rows of a shard, in order, in groups: from the disk or from S3. The first of all groups is row `firstRow + skip`
 * of the data set. A row comes only when the bytes around it are those that were planned.
 *
 * @throws ModelJobError `IntegrityError` when a source has changed since the batch was planned; `NotFound`; the
 *   signal's reason
 */
export async function* readShardRows(
  index: ShardIndex,
  shard: number,
  { signal, skip = 0 }: ReadShard,
): AsyncGenerator<SourceRow[]> {
  const { rows, parts } = index.shards[shard] ?? { rows: 0, parts: [] };
  let seen = 0;
  for (const part of parts) {
    await refuseChange(index, part.source, signal);
    for await (const group of readPart(index.sources[part.source] ?? { location: '' }, part, signal)) {
      const wanted = group.slice(Math.max(skip - seen, 0));
      seen += group.length;
      if (seen > rows) break;
      if (wanted.length > 0) yield wanted;
    }
  }
  if (seen === rows) return;
  const names = parts.map(({ source }) => `\`${index.sources[source]?.location ?? ''}\``).join(', ');
  throw new ModelJobError(
    'IntegrityError',
    `${names} changed since the batch was planned: shard ${shard} does not hold ${rows} rows any more`,
  );
}

/** Rows are held back until the mark behind them is reached. */
async function* readPart(source: RowSource, part: ShardPart, signal: AbortSignal): AsyncGenerator<SourceRow[]> {
  let rows: SourceRow[] = [];
  const scanner = createLineScanner((chunk, from, until, sizeBytes) => {
    rows.push(rowIn(chunk.subarray(from, until), scanner.line, source, sizeBytes));
  }, mostRowBytes);
  scanner.open(part.start, part.marks?.[0]?.[2], source.copyOf === undefined);
  for await (const { bytes, mark } of checkedBytes(source, part, signal)) {
    scanner.push(bytes);
    if (part.marks && !mark) continue;
    // The last line of a file may have no line break.
    if (mark?.[0] === part.end) scanner.close();
    yield rows;
    rows = [];
  }
  scanner.close();
  if (rows.length > 0) yield rows;
}
