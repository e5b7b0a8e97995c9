import { stat } from 'node:fs/promises';
import { formatOfName } from '../../engine/datasets/rows-in/formats.js';
import { planDataSet } from '../../engine/datasets/rows-in/plan-data-set.js';
import { readShardRows } from '../../engine/datasets/rows-in/read-shard.js';

/** Plans a batch over one file and reads all of its shards: as a process of its own, for its memory. */
const [, , location = ''] = process.argv;
const { signal } = new AbortController();
const startedAt = performance.now();
const format = formatOfName(location);
if (!format) throw new Error(`${location} is not read`);
const sources = [{ location, sizeBytes: (await stat(location)).size, format }];
const own = { folder: `${location}.batch`, scratch: `${location}.scratch` };
const index = await planDataSet({ sources, ...own }, { signal, report: () => undefined });
const plannedAt = performance.now();
const counts = { rows: 0, faults: 0 };
for (const shard of index.shards.keys()) {
  for await (const group of readShardRows(index, shard, { signal })) {
    counts.rows += group.length;
    counts.faults += group.filter(({ text }) => typeof text !== 'string').length;
  }
}
const seconds = [plannedAt - startedAt, performance.now() - plannedAt].map((ms) => ms / 1000);
console.log(JSON.stringify({ ...counts, seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
