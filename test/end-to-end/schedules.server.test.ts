import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScheduleState } from '../../client/schedules/index.js';
import type { ModelAccessJobResult } from '../../planner/index.js';
import { openEndToEnd, sentimentSpec } from '../helpers/end-to-end.js';

const box = await openEndToEnd();

const patient = { timeout: 90_000, interval: 250 };

test('a backfill reads each day’s file, and skips the day that has none', { timeout: 120_000 }, async () => {
  const rows = { '2026-03-01': 1, '2026-03-02': 2, '2026-03-04': 4 };
  for (const [day, count] of Object.entries(rows)) {
    const lines = Array.from({ length: count }, (_, index) =>
      JSON.stringify({ custom_id: `${day}#${index}`, input: 'good' }),
    );
    await writeFile(join(box.folder, `in-${day}.jsonl`), `${lines.join('\n')}\n`);
  }
  const schedule = {
    id: `daily-${process.pid}`,
    request: {
      kind: 'BatchInference',
      backend: 'onnx',
      spec: sentimentSpec(),
      inputs: [{ kind: 'localPath', value: join(box.folder, 'in-{yyyy}-{MM}-{dd}.jsonl') }],
      options: { onMissingInput: 'skip' },
    },
    cron: '0 2 * * *',
    paused: true,
  };
  const worker = await box.startWorker();
  await scheduleCli('create', schedule);
  const range = ['--from', '2026-03-01T02:00:00Z', '--to', '2026-03-04T02:00:00Z'];
  expect(await scheduleCli('backfill', undefined, schedule.id, ...range)).toMatchObject({ slots: 4 });
  const ended = async () =>
    (await scheduleCli<ScheduleState>('describe', undefined, schedule.id)).recent.filter(
      ({ status }) => status === 'succeeded',
    ).length;
  await expect.poll(ended, patient).toBe(4);

  const results = await Promise.all(
    ['01', '02', '03', '04'].map(async (day) => {
      const { stdout } = await box.cli('result', undefined, `${schedule.id}-2026-03-${day}T02:00:00Z`, '--json');
      return JSON.parse(stdout) as ModelAccessJobResult;
    }),
  );
  expect(results.map(({ output }) => output?.['skipped'] ?? output?.['inputCount'])).toEqual([1, 2, true, 4]);
  const output = results[3]?.artifacts.find(({ id }) => id === 'output')?.uri ?? '';
  const ids = (await readFile(fileURLToPath(output), 'utf8')).match(/2026-03-\d\d#\d/g);
  expect(ids).toEqual([0, 1, 2, 3].map((index) => `2026-03-04#${index}`));
  await scheduleCli('delete', undefined, schedule.id);
  await worker.stop();
});

async function scheduleCli<T>(command: string, file?: object, ...args: string[]): Promise<T> {
  const path = join(box.folder, 'schedule.json');
  if (file) await writeFile(path, JSON.stringify(file));
  const { exitCode, stdout, stderr } = await box.cli(
    'schedule',
    undefined,
    command,
    ...(file ? [path] : []),
    ...args,
    '--json',
  );
  if (exitCode !== 0) throw new Error(`exit code ${exitCode ?? 'none'}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
