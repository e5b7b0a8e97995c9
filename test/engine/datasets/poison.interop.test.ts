import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ActivityConfig } from '../../../activities/config.js';
import { batchBox } from '../../helpers/batch.js';

describe('a row that ends the model', () => {
  it.each([
    ['crashes it', 'crash', 3, 'Crashed', /process ended \(SIGSEGV\) while running one input on `odd`/],
    ['ends it', 'exit', 3, 'Crashed', /process ended \(exit code 3\)/],
    ['takes too much memory', 'eat', 3, 'ResourceLimit', /took \d+ MB of memory.* and was ended/],
    ['hangs', 'hang', 2, 'TimedOut', /did not answer for 1 s and was ended while running one input/],
  ])('and %s is one failed row, and every other is there once', async (_, input, tries, code, message) => {
    const box = await oddBatch(
      rows(300, { 120: input }),
      input === 'hang' ? { timeoutMs: 1000 } : { memoryBytes: 500e6 },
    );
    expect(await box.runAll()).toMatchObject({ succeeded: 299, failed: 1, missingShards: [] });
    expect(await box.lines('errors.jsonl')).toEqual([
      {
        index: 120,
        custom_id: 'row-120',
        error: { code, message: expect.stringMatching(message) as string, tries },
        source: `${box.data}:121`,
      },
    ]);
    const indices = (await box.lines('output.jsonl')).map(({ index }) => index);
    expect(indices).toEqual(Array.from({ length: 300 }, (_, at) => at).filter((at) => at !== 120));
    expect(await box.leftovers()).toEqual([]);
  });

  it('and kills the process that its program was started by is one failed row', async () => {
    const lines = Array.from({ length: 20 }, (_, at) =>
      JSON.stringify({ do: at === 7 ? 'parent' : 'echo', text: 'x' }),
    );
    const path = fileURLToPath(new URL('../../fixtures/programs/served-model.js', import.meta.url));
    const box = await batchBox('misbehaving', lines.join('\n'), { program: [path, 'good'] });
    expect(await box.runAll()).toMatchObject({ succeeded: 19, failed: 1 });
    expect(await box.lines('errors.jsonl')).toMatchObject([{ index: 7, error: { code: 'Crashed', tries: 3 } }]);
  });

  it('costs a few starts of the model, however many rows were with it', async () => {
    const box = await oddBatch(rows(3000, { 1500: 'crash' }), { processes: 1 });
    await box.runAll();
    const pids = (await box.lines('output.jsonl')).map(({ output }) => output);
    // One that it ended in company, two that it ended alone, and the one that tells its name.
    expect(new Set(pids).size).toBeLessThanOrEqual(4);
  });

  it('is run as often as the request says', async () => {
    const box = await oddBatch(rows(20, { 3: 'crash' }), {}, { inputTries: 2 });
    await box.runAll();
    expect((await box.lines('errors.jsonl')).map(({ error }) => error?.tries)).toEqual([2]);
  });

  it('is given the time that the request says', async () => {
    const box = await oddBatch(rows(8, { 3: 'hang' }), { timeoutMs: 60_000 }, { inputTimeoutSeconds: 0.3 });
    const startedAt = Date.now();
    await box.runAll();
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    expect((await box.lines('errors.jsonl')).map(({ error }) => error?.code)).toEqual(['TimedOut']);
  });

  it('counts as one that may not fail', async () => {
    const box = await oddBatch(rows(20, { 3: 'crash' }), {}, { batch: { onInputError: 'fail' } });
    await expect(box.runAll()).rejects.toMatchObject({
      type: 'Failed',
      nonRetryable: true,
      message: expect.stringMatching(/^row 3: the model's process ended \(SIGSEGV\)/) as string,
    });
  });

  it('may be one of many that stand together', async () => {
    const bad = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [100 + at, 'crash']));
    const box = await oddBatch(rows(300, bad), {}, { inputTries: 1 });
    expect(await box.runAll()).toMatchObject({ succeeded: 288, failed: 12 });
  });
});

describe('a model that dies on every row', () => {
  it('ends the batch soon, and for good', async () => {
    const box = await oddBatch(rows(300, (_) => 'crash'));
    await expect(box.runAll()).rejects.toMatchObject({
      type: 'Failed',
      nonRetryable: true,
      message: expect.stringMatching(
        /lost on each of the last inputs that it ran alone, and has answered none: .*SIGSEGV/,
      ) as string,
    });
    expect(await box.leftovers()).toEqual([]);
  });
});

type Bad = Record<number, string> | ((index: number) => string | undefined);

/** Rows of various lengths, some of which say what the model shall do. */
function rows(count: number, bad: Bad): string {
  const badAt = typeof bad === 'function' ? bad : (index: number) => bad[index];
  return Array.from({ length: count }, (_, index) => {
    const input = badAt(index) ?? 'x'.repeat(1 + (index % 10));
    return `${JSON.stringify({ custom_id: `row-${index}`, input })}\n`;
  }).join('');
}

function oddBatch(
  text: string,
  runtime: Partial<ActivityConfig['runtime']> = {},
  options: Record<string, unknown> = {},
): ReturnType<typeof batchBox> {
  return batchBox('misbehaving', text, { runtime, options });
}
