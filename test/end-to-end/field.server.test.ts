import { randomUUID } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ModelJobsClient } from '../../client/job-client.js';
import type { ModelAccessJobResult } from '../../planner/index.js';
import type { BatchLine } from '../helpers/batch.js';
import { openEndToEnd } from '../helpers/end-to-end.js';

const taskQueue = `field-${randomUUID()}`;

const box = await openEndToEnd({ MODEL_JOBS_COMMANDS: 'python3', MODEL_JOBS_TASK_QUEUE: taskQueue });
let jobs: ModelJobsClient;
beforeAll(async () => {
  jobs = await ModelJobsClient.connect({ taskQueue, env: { TEMPORAL_ADDRESS: inject('temporalAddress') } });
  await cp(fileURLToPath(new URL('../fixtures/field', import.meta.url)), join(box.folder, 'field'), {
    recursive: true,
  });
  await writeFile(join(box.folder, 'field/bang.json'), '["one", !two, "three"]');
  await box.startWorker();
});
afterAll(async () => {
  await jobs.close();
});

/** What a row of a file came to: its output, or its error after an exclamation mark; then where it came from. */
const files: [file: string, rows: unknown[]][] = [
  ['latin1.jsonl', ['!InvalidArgument the row is not UTF-8: byte 0xE9 at byte 30 latin1.jsonl:1', 'y']],
  ['binary.parquet', [Buffer.from([0xff, 0xd8, 0xff]).toString('base64')]],
  ['nbsp.jsonl', ['x', /^!InvalidArgument the row is not JSON: .* nbsp\.jsonl:2$/, 'y']],
  [
    'alpaca.jsonl',
    [
      { instruction: 'Translate to French', input: 'cheese', output: 'fromage' },
      { instruction: 'Name a colour', input: '', output: 'red' },
    ],
  ],
  [
    'oai-emb.jsonl',
    [
      { model: 'text-embedding-3-small', input: 'The food was delicious' },
      { model: 'text-embedding-3-small', input: ['a', 'b'] },
    ],
  ],
  ['q.tsv', ['"Hello, she began', 'plain', 'and ended"', 'last'].map(rowOf)],
  ['q2.tsv', ['he said "hi" to', 'plain'].map(rowOf)],
  ['bq.csv', ['5" pipe', 'y'].map(rowOf)],
  [
    'r.csv',
    [
      rowOf('x', 0),
      '!InvalidArgument record 2 has 1 column, the header has 2 r.csv:3',
      '!InvalidArgument record 3 has 3 columns, the header has 2 r.csv:4',
      { text: 'w' },
      rowOf('v', 3),
    ],
  ],
  ['frames.jsonl.zst', ['one', 'two']],
  ['bang.json', ['one', /^!InvalidArgument the row is not JSON: .* bang\.json item 1$/, 'three']],
];

it('files of the field come to what they hold, or to bad rows that say why and where', async () => {
  const found = await Promise.all(files.map(([file]) => runFile(file)));
  for (const [at, [file, rows]] of files.entries()) {
    expect(found[at], file).toHaveLength(rows.length);
    rows.forEach((row, index) => {
      if (row instanceof RegExp) expect(found[at]?.[index], file).toMatch(row);
      else expect(found[at]?.[index], file).toEqual(row);
    });
  }
});

it('a file of zstd that was damaged fails the batch, by its name', async () => {
  const packed = await readFile(join(box.folder, 'field/frames.jsonl.zst'));
  packed.write('two', packed.indexOf('one'));
  await writeFile(join(box.folder, 'field/damaged.jsonl.zst'), packed);
  const { exitCode, stderr, stdout } = await box.cli('run', request('damaged.jsonl.zst', 'damaged'));
  expect(exitCode).toBe(1);
  expect(stderr + stdout).toMatch(/damaged\.jsonl\.zst is no whole zstd file: frame 2 .* its checksum differs/);
});

describe('a batch whose rows fail', () => {
  it('exits with 1 where all of them did, and says so', async () => {
    const { exitCode, stdout } = await batch('all-fail', ['"BADROW 1"', '"BADROW 2"']);
    expect(exitCode).toBe(1);
    const { diagnostics } = JSON.parse(stdout) as ModelAccessJobResult;
    expect(diagnostics).toMatchObject([{ severity: 'error', code: 'batch.allRowsFailed' }]);
  });

  it('exits with 1 where more of them did than its caller allows', async () => {
    expect((await batch('some-fail', ['"BADROW"', '"SEGV"', '"good"', '"fine"'])).exitCode).toBe(0);
    const allowed = (most: string) => box.cli('result', undefined, 'some-fail', '--fail-on-errors', most);
    const refused = await allowed('49%');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('2 of 4 rows failed, --fail-on-errors allows 49%');
    expect((await allowed('2')).exitCode).toBe(0);
  });

  it('tells of them by code while it runs', async () => {
    const lines = Array.from({ length: 1000 }, (_, row) => (row < 3 ? '"BADROW"' : row === 3 ? '"EXIT3"' : '"x"'));
    const options = { parameters: { ms: 50 }, batch: { batchSize: 4, concurrency: 1, shardSize: 50 } };
    const running = batch('slow', lines, options);
    const byCode = { 'batch.failed.InvalidArgument': '3', 'batch.failed.Crashed': '1', 'batch.phase': 'running' };
    const metadata = async () =>
      (
        await jobs
          .getHandle('slow')
          .snapshot()
          .catch(() => undefined)
      )?.metadata;
    await expect.poll(metadata, { timeout: 20_000, interval: 200 }).toMatchObject(byCode);
    const status = await box.cli('status', undefined, 'slow');
    expect(status.stdout).toMatch(/\d+ succeeded, 4 failed \(3 InvalidArgument, 1 Crashed\)/);
    expect((await jobs.getHandle('slow').batch()).failedByCode).toEqual({ InvalidArgument: 3, Crashed: 1 });
    await jobs.getHandle('slow').cancel();
    expect((await running).exitCode).toBe(130);
  });
});

function rowOf(text: string, index: number): object {
  return { custom_id: String.fromCharCode(97 + index), text };
}

function request(file: string, id: string, options: object = {}) {
  return {
    id,
    kind: 'BatchInference' as const,
    backend: 'external' as const,
    spec: {
      name: 'echo',
      task: { custom: 'echo' },
      source: { kind: 'external_command' as const, command: 'python3' },
      files: [],
    },
    inputs: [{ kind: 'localPath' as const, value: `field/${file}` }],
    options: { command: { args: ['field/echo.py'] }, ...options },
  };
}

async function batch(file: string, rows: readonly string[], options: object = {}) {
  await writeFile(join(box.folder, 'field', file), rows.join('\n'));
  return box.cli('run', request(file, file, options), '--json');
}

async function runFile(file: string): Promise<unknown[]> {
  const result = await jobs.execute(request(file, `field-${file}`));
  return outcomeOf(result);
}

async function outcomeOf({ artifacts }: ModelAccessJobResult): Promise<unknown[]> {
  const files = await Promise.all(artifacts.map(({ uri }) => readFile(new URL(uri), 'utf8')));
  const lines = files.flatMap((text) => text.split('\n').filter((line) => line !== ''));
  const rows = lines.map((line) => JSON.parse(line) as BatchLine).sort((left, right) => left.index - right.index);
  return rows.map(({ output, error, source }) =>
    error ? `!${error.code} ${error.message} ${source?.replace(/^.*\//, '') ?? ''}` : output,
  );
}
