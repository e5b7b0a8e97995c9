import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { partEnvironment } from '../../client/processes/told-environment.js';
import type * as workerProcess from '../../client/processes/worker-process.js';

/** As it was built: a worker runs no TypeScript. */
const built = new URL('../../dist/client/processes/worker-process.js', import.meta.url).href;

const secrets = {
  HF_TOKEN: 'hf_secret-1',
  AWS_SECRET_ACCESS_KEY: 'secret-2',
  TEMPORAL_API_KEY: 'secret-3',
  HTTPS_PROXY: 'http://user:secret-4@proxy.test',
  NODE_AUTH_TOKEN: 'secret-5',
};

describe('the secrets of a worker', () => {
  it('are no part of the environment that it is started with', () => {
    const env = { PATH: '/bin', HOME: '/root', LC_ALL: 'C', NODE_OPTIONS: '--no-warnings', ...secrets };
    const { early, told } = partEnvironment(env);
    expect(early).toEqual({ PATH: '/bin', HOME: '/root', LC_ALL: 'C', NODE_OPTIONS: '--no-warnings' });
    expect(told).toEqual(secrets);
  });

  it.runIf(process.platform === 'linux')(
    'stand in no /proc/…/environ that its commands can read, and reach it',
    async () => {
      const env = { ...process.env, ...secrets, MODEL_JOBS_MAX_ACTIVITIES: 'many' };
      const lines: string[] = [];
      const { startWorkerProcess } = (await import(built)) as typeof workerProcess;
      const worker = startWorkerProcess({ env, onLine: (line) => lines.push(line) });
      onTestFinished(() => worker.signal('SIGKILL'));
      let seen = '';
      const looks = setInterval(() => (seen += readFileOf(worker.pid ?? 0)), 20);
      const { exitCode } = await worker.exited;
      clearInterval(looks);
      expect(seen).toContain('PATH=');
      expect(seen).not.toContain('secret-');
      expect(exitCode).toBe(2);
      expect(lines.join('\n')).toMatch(/MODEL_JOBS_MAX_ACTIVITIES: .*"many"/);
    },
  );
});

function readFileOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
