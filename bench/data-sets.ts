import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { pythonWith, type Python } from './python.js';
import { checkout } from './real-model.js';

/**
 * Memory and time of planning and reading large files, each in a process of its own: Parquet with one row group and
 * with pages of 100 MB, CSV, a line of 100 MB.
 *
 * Arguments: the gigabytes of a file (1), and the kinds that are wanted (all).
 */
const kinds = { group: 'parquet', pages: 'parquet', csv: 'csv', line: 'jsonl' } as const;

const [gigabytes = '1', ...wanted] = process.argv.slice(2);
const found = await pythonWith('pandas', 'pyarrow');
if (found) {
  for (const [kind, ending] of Object.entries(kinds)) {
    if (wanted.length === 0 || wanted.includes(kind)) await measure(found, kind, ending);
  }
}

async function measure(python: Python, kind: string, ending: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'model-jobs-data-'));
  try {
    const path = join(folder, `a.${ending}`);
    const bytes = kind === 'line' ? 100e6 : Number(gigabytes) * 1e9;
    await python.run([join(checkout, 'bench/data-sets/write.py'), kind, path, String(bytes)]);
    const reader = fileURLToPath(new URL('./data-sets/read.js', import.meta.url));
    const { stdout } = await execa(process.execPath, [reader, path], { stderr: 'inherit' });
    const read = JSON.parse(stdout) as { rows: number; faults: number; seconds: [number, number]; peakBytes: number };
    const [plan, rows] = read.seconds.map((seconds) => seconds.toFixed(1));
    console.log(
      `${kind}: ${((await stat(path)).size / 1e9).toFixed(1)} GB, ${read.rows} rows (${read.faults} bad), ` +
        `planned in ${plan} s, read in ${rows} s, at most ${Math.round(read.peakBytes / 1e6)} MB`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
