import { ModelJobError } from '../../../planner/index.js';
import { linesIn } from '../../../system/files/lines.js';
import { openFile } from '../../storage/index.js';
import type { ShardIndex } from '../shards/shard-index.js';

export interface ReadShard {
  signal: AbortSignal;
  /** Rows at the shard's beginning that are left out, for they are done. Default: 0. */
  skip?: number;
}

/**
 * The rows of a shard as lines of JSON, in order, in groups as large as what is read at once: from the disk or from
 * S3. The first line of all groups is row `firstRow + skip` of the data set.
 *
 * @throws ModelJobError `IntegrityError` when a source has changed since the batch was planned; `NotFound`; the
 *   signal's reason
 */
export async function* readShardLines(
  index: ShardIndex,
  shard: number,
  { signal, skip = 0 }: ReadShard,
): AsyncGenerator<string[]> {
  const { rows, parts } = index.shards[shard] ?? { rows: 0, parts: [] };
  let seen = 0;
  for (const { source, start, end } of parts) {
    const location = index.sources[source] ?? '';
    const { folder, name } = openFile(location);
    for await (const lines of linesIn(folder.read(name, { start, end, signal }))) {
      const wanted = lines.slice(Math.max(skip - seen, 0));
      seen += lines.length;
      if (seen > rows) break;
      if (wanted.length > 0) yield wanted;
    }
  }
  if (seen === rows) return;
  const names = parts.map(({ source }) => `\`${index.sources[source] ?? ''}\``).join(', ');
  throw new ModelJobError(
    'IntegrityError',
    `${names} changed since the batch was planned: shard ${shard} does not hold ${rows} rows any more`,
  );
}
