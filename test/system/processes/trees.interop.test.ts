import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runProgram } from '../../../engine/commands/run-program.js';
import { endOrphans } from '../../../system/processes/end-orphans.js';
import { markVariable } from '../../../system/processes/environment.js';
import { listProcesses, readProcess, variableOf } from '../../../system/processes/proc.js';
import { temporaryFolder } from '../../helpers/activity.js';

const host = fileURLToPath(new URL('../../fixtures/programs/host-of-program.js', import.meta.url));

const programs: [what: string, script: string, least: number][] = [
  ['ignores SIGTERM', 'trap "" TERM; while :; do sleep 1; done', 1],
  ['forks and goes on in a process whose parent has ended', '(sleep 300 & sleep 300 &); sleep 300', 3],
  ['has a session of its own', 'setsid sleep 300 & sleep 300', 2],
  ['floods its pipes', 'yes & yes >&2', 2],
  ['has 200 children', 'for i in $(seq 200); do sleep 300 & done; wait', 200],
];

describe.runIf(process.platform === 'linux').each(programs)('a program that %s', (_, script, least) => {
  it('is gone with all that it started soon after a cancel', async () => {
    const folder = await temporaryFolder();
    const cancel = new AbortController();
    const running = runProgram({
      ...{ command: 'bash', program: '/bin/bash', args: ['-c', script], timeoutSeconds: 60, stdin: undefined, folder },
      ...{ signal: cancel.signal, onLine: () => undefined, killGraceMs: 300 },
    });
    running.catch(() => undefined);
    await vi.waitFor(() => expect(familyOf(process.pid).length).toBeGreaterThanOrEqual(least), 10_000);
    cancel.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    await vi.waitFor(() => expect(familyOf(process.pid)).toEqual([]), 3000);
  });

  it('is gone with all that it started when its worker was killed and the next one starts', async () => {
    const worker = execa('node', [host, script], { reject: false });
    onTestFinished(() => void worker.kill('SIGKILL'));
    await once(worker.stdout, 'data');
    const pid = worker.pid ?? 0;
    await vi.waitFor(() => expect(familyOf(pid).length).toBeGreaterThanOrEqual(least), 10_000);
    worker.kill('SIGKILL');
    await worker;
    endOrphans();
    await vi.waitFor(() => expect(familyOf(pid)).toEqual([]), 3000);
  });
});

describe.runIf(process.platform === 'linux')('what a worker that lives has started', () => {
  it('is left alone', async () => {
    const worker = execa('node', [host, 'setsid sleep 300 & sleep 300'], { reject: false });
    onTestFinished(() => void worker.kill('SIGKILL'));
    await once(worker.stdout, 'data');
    await vi.waitFor(() => expect(familyOf(worker.pid ?? 0).length).toBeGreaterThanOrEqual(2), 10_000);
    const before = familyOf(worker.pid ?? 0);
    endOrphans();
    expect(familyOf(worker.pid ?? 0)).toEqual(expect.arrayContaining(before));
    worker.kill('SIGKILL');
    await worker;
    endOrphans();
  });
});

/** The living processes that a process of this one's began families of, by the process table. */
function familyOf(owner: number): number[] {
  return listProcesses().filter((pid) => {
    const isMarked = variableOf(pid, markVariable)?.includes(`/${owner}/`) ?? false;
    return isMarked && readProcess(pid)?.ended === false;
  });
}
