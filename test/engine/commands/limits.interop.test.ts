import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openActivities } from '../../../activities/index.js';
import type { CommandRules } from '../../../engine/policy/schema.js';
import { parseModelAccessJobRequest, type CommandFacts, type ModelAccessJobRequest } from '../../../planner/index.js';
import { activityEnvironment, configIn, temporaryFolder } from '../../helpers/activity.js';

describe.runIf(process.platform === 'linux')('the limits of a command', () => {
  it.each([
    [
      'CPU time',
      { cpuSeconds: 1 },
      'while :; do :; done',
      /it used 1 s of CPU time \(commands\[0\].limits.cpuSeconds\)/,
    ],
    ['a file', { fileSizeMb: 1 }, 'exec head -c 2000000 /dev/zero > big', /a file of more than 1 MB .*fileSizeMb/],
    [
      'memory',
      { memoryMb: 100 },
      'exec dd if=/dev/zero of=/dev/null bs=400M count=1',
      /it may have 100 MB of memory .*memoryMb/,
    ],
  ])('end one that takes more of %s, and say so', async (_, limits, script, message) => {
    const { run } = await box({ limits });
    await expect(run(script).done).rejects.toMatchObject({
      type: 'ResourceLimit',
      nonRetryable: true,
      message: expect.stringMatching(message) as string,
    });
  });

  it('hold the files that it opens', async () => {
    const { run } = await box({ limits: { openFiles: 33 } });
    expect((await run('ulimit -n').done).stdout).toBe('33\n');
  });

  it('hold the time that a request asks for, and are it where it asks for none', async () => {
    const { run } = await box({ limits: { timeoutSeconds: 1 } });
    await expect(run('true', { timeoutSeconds: 2 }).done).rejects.toThrow(
      /commands\[0\].limits.timeoutSeconds\) allows 1/,
    );
    await expect(run('sleep 60').done).rejects.toThrow(/took longer than 1 s/);
  });

  it('let as many run at once as they say; one that waits can be cancelled', async () => {
    const { run, folder } = await box({ limits: { concurrent: 1 } });
    const isWaiting = (one: ReturnType<typeof run>) =>
      expect.poll(one.messages, { timeout: 10_000 }).toContain('waiting: as many commands run as may');
    const first = run(`touch ${folder}/begun; while [ ! -e ${folder}/go ]; do sleep 0.05; done; date +%s%N`);
    await expect.poll(() => existsSync(join(folder, 'begun')), { timeout: 10_000 }).toBe(true);
    const second = run('date +%s%N');
    await isWaiting(second);
    const third = run('true');
    await isWaiting(third);
    third.cancel();
    await expect(third.done).rejects.toThrow(/CANCEL/i);
    await writeFile(join(folder, 'go'), '');
    expect(Number((await second.done).stdout)).toBeGreaterThan(Number((await first.done).stdout));
  });
});

/** A worker that allows a shell under limits; each run is one of its own. */
async function box(rules: Partial<CommandRules>) {
  const folder = await temporaryFolder();
  const command = '/bin/sh';
  const { activities } = openActivities(configIn(folder, { commands: [{ program: command, args: 'any', ...rules }] }));
  let runs = 0;
  const run = (script: string, options: Record<string, unknown> = {}) => {
    const job = { workflowExecution: { workflowId: 'job', runId: String(++runs) } };
    const { environment, progress } = activityEnvironment(job);
    const request = parseModelAccessJobRequest({
      kind: 'ExternalCommand',
      spec: { name: 'm', task: 'ocr', source: { kind: 'external_command', command }, files: [] },
      backend: 'external',
      options: { command: { args: ['-c', script], ...options } },
    });
    const done = environment.run((input: ModelAccessJobRequest) => activities.runCommand(input), request);
    return {
      done: done as Promise<CommandFacts>,
      cancel: () => environment.cancel('CANCELLED'),
      messages: () => progress.map(({ message }) => message),
    };
  };
  return { run, folder };
}
