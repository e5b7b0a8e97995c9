import { execFileSync } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RuntimeConfig } from '../../../engine/models/contract/config.js';
import { modelBox, runtimeFixture } from '../../helpers/model.js';

describe('a model’s process', () => {
  it('that is stopped counts as one that hangs', async () => {
    const box = await hostileBox({ timeoutMs: 1000 });
    await expect(box.infer(['hello', 'stop'])).rejects.toMatchObject({
      message: expect.stringMatching(/^inputs\[1\]: the model's process did not answer for 1 s/) as string,
    });
    expect(await box.infer(['hello'])).toHaveLength(1);
  });

  it('that floods its output answers, and its worker stays free', async () => {
    const box = await hostileBox();
    await box.infer(['hello']);
    const before = process.memoryUsage.rss();
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    expect(await box.infer(['flood'])).toHaveLength(1);
    delay.disable();
    expect(delay.percentile(99) / 1e6).toBeLessThan(100);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200e6);
  });

  it('that leaves a program which holds its pipes is known to have ended', async () => {
    const box = await hostileBox();
    await box.infer(['hello']);
    const startedAt = Date.now();
    const failed = box.infer(['leave'], { inputTries: 1 });
    await expect(failed).rejects.toMatchObject({ message: expect.stringMatching(/ended \(exit code 3\)/) as string });
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });

  it.runIf(process.platform === 'linux')('that forks is ended with all that it started', async () => {
    const box = await hostileBox({ timeoutMs: 1500 });
    await expect(box.infer(['fork'], { inputTries: 1 })).rejects.toThrow(/did not answer/);
    await box.close();
    await expect.poll(() => processesLike('while :; do sleep 0.01; done'), { timeout: 5000 }).toEqual([]);
  });

  it('whose answer came while the worker was busy has not hung', async () => {
    const box = await hostileBox({ timeoutMs: 1000 });
    await box.infer(['hello']);
    const answered = box.infer(['hello']);
    await sleep(5);
    const until = Date.now() + 2000;
    while (Date.now() < until);
    expect(await answered).toHaveLength(1);
  });

  it('serves a hundred jobs at once, whatever becomes of one', async () => {
    const box = await hostileBox({ timeoutMs: 3000 });
    const [pid] = await box.infer(['hello']);
    const bad = box.infer(['stop'], { inputTries: 1 }).catch((error: unknown) => error);
    const jobs = Array.from({ length: 100 }, (_, at) => box.infer([`${at}`, `${at}`]));
    const answers = await Promise.all(jobs);
    expect(answers.every((pids) => pids.length === 2)).toBe(true);
    expect(pid).toBeTypeOf('number');
    expect(await bad).toMatchObject({ type: 'Failed' });
  });
});

function processesLike(text: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(text) && !line.includes('ps -eo'));
}

async function hostileBox(runtime: Partial<RuntimeConfig> = {}) {
  const box = await modelBox('model', { modules: { hostile: runtimeFixture('hostile') }, processes: 1, ...runtime });
  const source = { kind: 'local_path', path: box.folder };
  const infer = async (inputs: string[], options: { inputTries?: number } = {}) => {
    const request = box.request('Inference', {
      spec: { name: 'hostile', task: { custom: 'hostile' }, source, files: [] },
      backend: { custom: 'hostile' },
      inputs: inputs.map((value) => ({ kind: 'json', value })),
      options,
    });
    return (await box.run((input) => box.activities.runInference(input), request)).outputs ?? [];
  };
  return { ...box, infer };
}
