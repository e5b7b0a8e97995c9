import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished, describe, expect, it } from 'vitest';
import type { InputRow } from '../../../../engine/models/contract/model-runtime.js';
import { runtime } from '../../../../engine/runtimes/imported/runtime.js';
import {
  jobOptionsSchema,
  ModelJobError,
  type JobOptions,
  type JsonValue,
  type ModelTask,
} from '../../../../planner/index.js';
import { valuesOf } from '../../../helpers/adapter.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { loadRequest, runOptions } from '../../../helpers/runtime.js';

const anyTask: ModelTask = { custom: 'anything' };

/** A worker's folder with a file of predictions, and the runtime over it. */
async function importedBox(lines: readonly (object | string)[] | string, task = anyTask) {
  const folder = await temporaryFolder();
  const root = join(folder, 'root');
  await mkdir(root);
  const path = join(root, 'predictions.jsonl');
  const write = (content: typeof lines): Promise<void> =>
    writeFile(
      path,
      typeof content === 'string'
        ? content
        : content.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
    );
  await write(lines);
  const log: string[] = [];
  const load = async (predictions: JobOptions['predictions'] = { kind: 'localPath', value: path }) => {
    const settings = { roots: [root], commands: [], programs: {} };
    const request = loadRequest(task, { options: { predictions }, settings, log: (line) => log.push(line) });
    const model = await runtime.load(request);
    let open = true;
    const dispose = async (): Promise<void> => {
      if (open) await model.dispose();
      open = false;
    };
    onTestFinished(dispose);
    const run = (inputs: JsonValue[], rows?: InputRow[], parameters = {}) =>
      model.run(inputs, runOptions({ rows, parameters })).then(valuesOf);
    return { run, dispose };
  };
  return { folder, root, path, write, log, load };
}

describe('predictions are matched to inputs', () => {
  it('by the caller’s name, whatever the order', async () => {
    const { load } = await importedBox([
      { custom_id: 'b', output: 2 },
      { custom_id: 'a', output: 1 },
    ]);
    const { run } = await load();
    const rows = [
      { index: 0, customId: 'a' },
      { index: 1, customId: 'b' },
    ];
    expect(await run(['x', 'y'], rows)).toEqual([1, 2]);
    expect(await run([{ custom_id: 'b', text: 'y' }])).toEqual([2]);
  });

  it('by their number in the job, over batches', async () => {
    const { load } = await importedBox([
      { index: 0, output: 'zero' },
      { index: 3, output: 'three' },
      { index: 2, output: 'two' },
    ]);
    const { run } = await load();
    expect(await run(['x'], [{ index: 0 }])).toEqual(['zero']);
    expect(await run(['x', 'x'], [{ index: 2 }, { index: 3 }])).toEqual(['two', 'three']);
  });

  it('by the input itself, whatever the order of its keys', async () => {
    const { load } = await importedBox([
      { input: { text: 'ü', labels: ['a', 'b'] }, output: 'labels' },
      { input: 'ü', output: 'text' },
    ]);
    const { run } = await load();
    expect(await run(['ü', { labels: ['a', 'b'], text: 'ü' }], [{ index: 7 }, { index: 8 }])).toEqual([
      'text',
      'labels',
    ]);
  });

  it('as an earlier batch wrote them: by name and number at once', async () => {
    const { load } = await importedBox([
      { index: 0, custom_id: 'a', output: [1] },
      { index: 1, custom_id: 'b', error: { code: 'InvalidArgument', message: 'too long' } },
      { index: 2, output: null },
    ]);
    const { run } = await load();
    const [first, second, third] = await run(
      ['x', 'y', 'z'],
      [{ index: 0, customId: 'a' }, { index: 1 }, { index: 2 }],
    );
    expect(first).toEqual([1]);
    expect(second).toBeInstanceOf(ModelJobError);
    expect(second).toMatchObject({ code: 'InvalidArgument', detail: 'too long' });
    expect(third).toBeNull();
  });

  it('and one that is missing is the error of its input alone', async () => {
    const { load, path } = await importedBox([{ custom_id: 'a', output: 1 }]);
    const { run } = await load();
    const rows = [
      { index: 0, customId: 'a' },
      { index: 1, customId: 'b' },
    ];
    const [found, missing] = await run(['x', 'y'], rows);
    expect(found).toBe(1);
    expect(missing).toBeInstanceOf(ModelJobError);
    expect(missing).toMatchObject({
      code: 'NotFound',
      detail: `no prediction for input 1 (custom_id \`b\`) in \`${path}\``,
    });
  });

  it('and one that was made for another input is refused', async () => {
    const { load } = await importedBox([
      { index: 0, custom_id: 'a', output: 1 },
      { index: 1, input: 'old text', output: 2 },
    ]);
    const { run } = await load();
    const outputs = await run(['x', 'new text'], [{ index: 0, customId: 'b' }, { index: 1 }]);
    for (const output of outputs) expect(output).toBeInstanceOf(ModelJobError);
    expect(outputs[1]).toMatchObject({ detail: expect.stringMatching(/input 1, line 2 .*another input/) as string });
  });
});

describe('a file of predictions', () => {
  it('may be far larger than what is read of it at once, with lines of any length', async () => {
    const output = (index: number): string => `${index} ${'é漢'.repeat((index * 7919) % 700)}`;
    const lines = Array.from({ length: 5000 }, (_, index) => ({ custom_id: `row-${index}`, output: output(index) }));
    const { load, path } = await importedBox(lines);
    expect((await readFile(path)).length).toBeGreaterThan(5_000_000);
    const { run } = await load();
    const indices = Array.from({ length: 500 }, (_, at) => (at * 2503) % 5000);
    const outputs = await run(
      indices.map(() => 'x'),
      indices.map((index) => ({ index, customId: `row-${index}` })),
    );
    expect(outputs).toEqual(indices.map(output));
  });

  it('may have empty lines, Windows line ends, a byte order mark and no last line break', async () => {
    const { load } = await importedBox(`\uFEFF{"custom_id":"a","output":1}\r\n\r\n  \n{"custom_id":"b","output":2}`);
    const { run } = await load();
    expect(await run([{ custom_id: 'a' }, { custom_id: 'b' }])).toEqual([1, 2]);
  });

  it('is refused where a line is no UTF-8, or blank to others than JSON alone', async () => {
    const { load, write, path } = await importedBox('');
    await writeFile(path, Buffer.from('\n{"index":0,"output":"caf\xe9"}\n', 'latin1'));
    await expect(load()).rejects.toThrow('line 2: not UTF-8: byte 0xE9 at byte 25');
    await write('{"index":0,"output":1}\n\u00a0\n');
    await expect(load()).rejects.toThrow('line 2: not JSON');
    await write('{"index":0,"output":1}\n\uFEFF{"index":1,"output":1}\n');
    await expect(load()).rejects.toThrow('line 2: not JSON');
  });

  it('is refused with the numbers of its bad lines', async () => {
    const { load } = await importedBox([
      { custom_id: 'a', output: 1 },
      '',
      '{"custom_id": "b", ',
      { output: 1 },
      { custom_id: 'c' },
      { custom_id: 5, output: 1 },
      { index: -1, output: 1 },
      { custom_id: 'd', output: 1, error: { code: 'Failed', message: 'both' } },
    ]);
    const error: unknown = await load().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'InvalidArgument', detail: expect.stringMatching(/; and 1 more$/) as string });
    const problems = (error as ModelJobError).problems.map(({ path, message }) => `${path}: ${message}`);
    expect(problems).toEqual([
      expect.stringMatching(/^options\.predictions line 3: not JSON/),
      expect.stringMatching(/line 4: .*expected `custom_id`, `index` or `input`/),
      expect.stringMatching(/line 5: .*expected one of `output` and `error`/),
      expect.stringMatching(/line 6: .*custom_id: expected string, received 5/),
      expect.stringMatching(/line 7: .*index/),
      expect.stringMatching(/line 8: .*expected one of/),
    ]);
  });

  it('is refused where an output has not the shape of the task', async () => {
    const good = { custom_id: 'a', output: { label: 'GOOD', score: 0.5 } };
    const { load } = await importedBox(
      [good, { custom_id: 'b', output: { label: 'GOOD', score: 'high' } }],
      'text_classification',
    );
    await expect(load()).rejects.toThrow(/line 2: output is not valid: .*score/);
  });

  it('is refused where two lines say different things of one input', async () => {
    const { load } = await importedBox([
      { custom_id: 'a', output: 1 },
      { custom_id: 'b', output: 1 },
      { custom_id: 'a', output: 2 },
    ]);
    await expect(load()).rejects.toThrow('line 3: custom_id "a" has another prediction in line 1 already');
  });

  it('may repeat itself, and the log says so', async () => {
    const line = { input: 'x', output: { a: 1, b: 2 } };
    const { load, log } = await importedBox([line, { output: { b: 2, a: 1 }, input: 'x' }]);
    const { run, dispose } = await load();
    expect(await run(['x'])).toEqual([line.output]);
    await dispose();
    expect(log).toEqual([expect.stringMatching(/^1 lines .* repeat/)]);
  });

  it('tells the log once that parameters change nothing', async () => {
    const { load, log } = await importedBox([{ index: 0, output: 1 }]);
    const { run } = await load();
    for (let turn = 0; turn < 2; turn += 1) await run(['x'], [{ index: 0 }], { graph: 'a.onnx' });
    expect(log).toEqual(['options.parameters: graph: not applied, predictions are given as they were made']);
  });

  it('tells the log how many predictions were not asked for', async () => {
    const { load, log, path } = await importedBox([
      { index: 0, output: 1 },
      { index: 1, output: 1 },
      { index: 2, output: 1 },
    ]);
    const { run, dispose } = await load();
    await run(['x', 'x'], [{ index: 1 }, { index: 1 }]);
    await dispose();
    expect(log).toEqual([`2 of the 3 predictions in \`${path}\` were not asked for`]);
  });

  it('is the same to its end: another file of that name is refused, the same predictions are read again', async () => {
    const { load, write } = await importedBox([{ custom_id: 'a', output: 1 }]);
    const { run } = await load();
    expect(await run([{ custom_id: 'a' }])).toEqual([1]);
    await write([
      { custom_id: 'b', output: 0 },
      { custom_id: 'a', output: 22 },
    ]);
    await expect(run([{ custom_id: 'a' }])).rejects.toMatchObject({ code: 'IntegrityError' });
    await write([{ custom_id: 'a', output: 1 }]);
    expect(await run([{ custom_id: 'a' }])).toEqual([1]);
  });
});

describe('the file that a request names', () => {
  const line = { custom_id: 'a', output: 1 };
  const artifactOf = (path: string, facts: object) => ({
    kind: 'artifact' as const,
    value: { id: 'p', kind: 'json' as const, mediaType: 'x', uri: pathToFileURL(path).href, metadata: {}, ...facts },
  });

  it('may be an artifact, whose size and SHA-256 are checked', async () => {
    const { load, path } = await importedBox([line]);
    const content = await readFile(path);
    const facts = { sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
    const { run } = await load(artifactOf(path, facts));
    expect(await run([{ custom_id: 'a' }])).toEqual([1]);
    for (const wrong of [{ sizeBytes: 1 }, { sha256: '0'.repeat(64) }]) {
      await expect(load(artifactOf(path, { ...facts, ...wrong }))).rejects.toMatchObject({ code: 'IntegrityError' });
    }
  });

  it('must be named, be there, be a file and lie in the roots', async () => {
    const { load, folder, root, path } = await importedBox([line]);
    await writeFile(join(folder, 'outside.jsonl'), '');
    await symlink(join(folder, 'outside.jsonl'), join(root, 'link.jsonl'));
    const named = (value: string) => ({ kind: 'localPath' as const, value });
    await expect(load(null)).rejects.toMatchObject({ code: 'InvalidArgument' });
    await expect(load(named(`${path}x`))).rejects.toMatchObject({ code: 'NotFound' });
    await expect(load(named(root))).rejects.toMatchObject({ code: 'InvalidArgument' });
    await expect(load(named(join(root, 'link.jsonl')))).rejects.toMatchObject({ code: 'PermissionDenied' });
    await expect(load(named('../outside.jsonl'))).rejects.toThrow('options.predictions.value');
    const elsewhere = { ...artifactOf(path, {}), value: { ...artifactOf(path, {}).value, uri: 's3://bucket/p.jsonl' } };
    await expect(load(elsewhere)).rejects.toMatchObject({ code: 'InvalidUri' });
  });

  it('has its place in the options', () => {
    const read = (predictions: unknown) => jobOptionsSchema().safeParse({ predictions }).success;
    expect(read({ kind: 'localPath', value: 'p.jsonl' })).toBe(true);
    expect(read({ kind: 'json', value: [] })).toBe(false);
    expect(read({ kind: 'localPath', value: 'p.jsonl', extra: 1 })).toBe(false);
  });
});
