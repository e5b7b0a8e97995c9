import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatOfName } from '../../engine/datasets/rows-in/formats.js';
import { planDataSet, type DataSet } from '../../engine/datasets/rows-in/plan-data-set.js';
import { readShardRows } from '../../engine/datasets/rows-in/read-shard.js';
import type { ShardIndex } from '../../engine/datasets/shards/shard-index.js';
import type { RowText } from '../../engine/models/contract/row-text.js';

const signal = new AbortController().signal;

/** The plan of a batch over one file, beside which the batch's folder is. */
export async function planOfFile(location: string, options: Pick<DataSet, 'csv' | 'sizes'> = {}): Promise<ShardIndex> {
  const sources = [{ location, sizeBytes: (await stat(location)).size, format: formatOfName(location)! }];
  const own = { folder: `${location}.batch`, scratch: join(dirname(location), 'scratch') };
  return planDataSet({ sources, ...own, ...options }, { signal, report: () => undefined });
}

/** All rows of a plan, read by its shards; undefined where there is none. */
export async function rowsOf(index: ShardIndex | undefined): Promise<RowText[] | undefined> {
  if (!index) return undefined;
  const rows: RowText[] = [];
  for (const shard of index.shards.keys()) {
    for await (const group of readShardRows(index, shard, { signal })) rows.push(...group.map(({ text }) => text));
  }
  return rows;
}
