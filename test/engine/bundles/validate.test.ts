import { lstat, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeValidation } from '../../../planner/index.js';
import { noise, requestOf, transferBox, writeFiles } from '../../helpers/transfer.js';

const files = [
  { required: 'config.json' },
  { required: 'vocab.txt' },
  { required: 'onnx/model.onnx' },
  { required: 'a.bin' },
];
let content: Record<string, string | Uint8Array>;
beforeAll(() => {
  content = { 'config.json': '{"a":1}', 'vocab.txt': 'a\nb\n', 'onnx/model.onnx': noise(3_000_000), 'a.bin': noise(9) };
});

const validation = (options = {}) => requestOf(files, { kind: 'ValidateBundle', options });

async function bundleBox() {
  const box = await transferBox(content);
  await box.run('downloadModel', requestOf(files));
  const at = (name: string): string => join(box.bundle, 'files', name);
  /** Changes a byte and keeps the size; a bundle's file is a link, so the cache's blob changes too. */
  const flip = async (name: string): Promise<void> => {
    const bytes = await readFile(at(name));
    bytes[0]! ^= 1;
    await writeFile(at(name), bytes);
  };
  return { ...box, at, flip };
}

async function breakAll({ at, flip }: Awaited<ReturnType<typeof bundleBox>>): Promise<void> {
  await rm(at('config.json'));
  await truncate(at('vocab.txt'), 2);
  await flip('onnx/model.onnx');
  await writeFile(at('extra.txt'), 'not listed');
}

describe('a validation', () => {
  it('finds nothing wrong with a bundle as it was made, and hashes every byte', async () => {
    const { run } = await bundleBox();
    const running = run('validateBundle', validation());
    expect(await running).toMatchObject({ valid: true, files: 4, bytes: 3_000_020, problems: [] });
    expect(running.progress.at(-1)).toMatchObject({ completed: 3_000_020, total: 3_000_020, unit: 'bytes' });
  });

  it('reports every problem, with what was expected and what was found', async () => {
    const box = await bundleBox();
    await breakAll(box);
    const facts = await box.run('validateBundle', validation());
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(facts.valid).toBe(false);
    expect(facts.problems).toEqual([
      { path: 'config.json', problem: 'missing', expected: 7, found: null },
      { path: 'vocab.txt', problem: 'size', expected: 4, found: 2 },
      { path: 'onnx/model.onnx', problem: 'sha256', expected: hash, found: hash },
      { path: 'extra.txt', problem: 'unlisted', expected: null, found: null },
    ]);
  });

  it('of thousands of broken files lists the first, and all in a file', async () => {
    const { run, bundle, config } = await bundleBox();
    const names = Array.from({ length: 6000 }, (_, index) => `weights/part-${index}-of-6000.safetensors`);
    await writeFiles(join(bundle, 'files'), Object.fromEntries(names.map((name) => [name, 'x'])));
    const facts = await run('validateBundle', validation());
    expect(facts).toMatchObject({ valid: false, problemCount: 6000 });
    expect(facts.problems.length).toBeGreaterThan(1000);
    expect(JSON.stringify(facts).length).toBeLessThan(300_000);
    const all = JSON.parse(await readFile(new URL(facts.problemList!), 'utf8')) as { path: string }[];
    expect(all.map(({ path }) => path).sort()).toEqual(names.sort());
    expect(facts.problemList).toContain(config.home);
    expect(() => judgeValidation(facts)).toThrow(/; and 5995 more, all of them in file:/);
  });

  it('that is quick trusts size and time of change, and hashes nothing', async () => {
    const { run, at } = await bundleBox();
    expect(await run('validateBundle', validation({ quick: true }))).toMatchObject({ valid: true });
    const seconds = (Math.floor((await stat(at('a.bin'))).mtimeMs) + 0.5) / 1000;
    await writeFile(at('a.bin'), noise(9, 2));
    await utimes(at('a.bin'), seconds, seconds);
    await writeFile(at('vocab.txt'), 'c\nd\n');
    await utimes(at('vocab.txt'), seconds, seconds + 5);
    const facts = await run('validateBundle', validation({ quick: true }));
    expect(facts.problems).toMatchObject([{ path: 'vocab.txt', problem: 'modified' }]);
  });

  it('stops soon when it is cancelled', async () => {
    const { run } = await bundleBox();
    const running = run('validateBundle', validation());
    running.cancel();
    await expect(running).rejects.toMatchObject({ name: 'CancelledFailure' });
  });

  it('refuses a manifest that can’t be read', async () => {
    const { run, bundle } = await bundleBox();
    await writeFile(join(bundle, 'manifest.json'), '{"schema_version":2}');
    await expect(run('validateBundle', validation())).rejects.toMatchObject({
      type: 'IntegrityError',
      message: expect.stringContaining('schema_version') as string,
    });
  });
});

describe('a repair', () => {
  it('puts everything right in place, fetching only what was wrong', async () => {
    const box = await bundleBox();
    await breakAll(box);
    box.hub.resetStats();
    const facts = await box.run('validateBundle', validation({ repair: true }));
    expect(facts).toMatchObject({ valid: true, problems: [] });
    expect(facts.repaired).toHaveLength(4);
    expect(Object.keys(box.hub.stats.bytes)).toEqual(expect.arrayContaining(['demo/model/onnx/model.onnx']));
    expect(Object.keys(box.hub.stats.bytes)).not.toContain('demo/model/a.bin');
    expect(await box.run('validateBundle', validation())).toMatchObject({ valid: true, files: 4 });
    expect((await readFile(box.at('onnx/model.onnx'))).equals(content['onnx/model.onnx'] as Uint8Array)).toBe(true);
  });

  it('puts right what was changed with its time of change put back', async () => {
    const box = await bundleBox();
    const seconds = (Math.floor((await stat(box.at('a.bin'))).mtimeMs) + 0.5) / 1000;
    await box.flip('a.bin');
    await utimes(box.at('a.bin'), seconds, seconds);
    const facts = await box.run('validateBundle', validation({ repair: true }));
    expect(facts).toMatchObject({ valid: true, repaired: [{ path: 'a.bin', problem: 'sha256' }] });
    expect((await readFile(box.at('a.bin'))).equals(content['a.bin'] as Uint8Array)).toBe(true);
  });

  it('takes from the cache what is right there', async () => {
    const box = await bundleBox();
    await rm(box.at('onnx/model.onnx'));
    box.hub.resetStats();
    expect(await box.run('validateBundle', validation({ repair: true }))).toMatchObject({ valid: true });
    expect(box.hub.stats.bytes).toEqual({});
    expect((await lstat(box.at('onnx/model.onnx'))).nlink).toBe(2);
  });

  it('leaves a bundle that is right alone', async () => {
    const box = await bundleBox();
    box.hub.resetStats();
    const facts = await box.run('validateBundle', validation({ repair: true }));
    expect(facts).toMatchObject({ valid: true, problems: [] });
    expect(facts.repaired).toBeUndefined();
    expect(box.hub.stats.requests).toEqual({});
  });

  it('brings the bytes of the manifest’s commit though the revision has moved', async () => {
    const box = await bundleBox();
    await box.flip('vocab.txt');
    await writeFiles(join(box.folder, 'moved'), { ...content, 'vocab.txt': 'another' });
    box.hub.setRepo('demo/model', { folder: join(box.folder, 'moved') });
    expect(await box.run('validateBundle', validation({ repair: true }))).toMatchObject({ valid: true });
    expect(await readFile(box.at('vocab.txt'), 'utf8')).toBe('a\nb\n');
  });
});
