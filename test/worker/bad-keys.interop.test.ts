import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/activity.js';

/** The worker is a process of its own, so the built one. */
const program = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));

it('a worker whose keys are bad never starts: it exits with 2 and names variable and file', async () => {
  const folder = await temporaryFolder();
  const start = async (env: NodeJS.ProcessEnv) =>
    execa(process.execPath, [program], { cwd: folder, env, extendEnv: false, reject: false, timeout: 30_000 });
  await mkdir(join(folder, 'keys'));
  await writeFile(join(folder, 'keys/note.txt'), 'no key');
  const [trust, signing] = await Promise.all([
    start({ MODEL_JOBS_TRUST: 'keys' }),
    start({ MODEL_JOBS_SIGNING_KEY: 'lost.pem' }),
  ]);
  expect(trust).toMatchObject({ exitCode: 2, stdout: '' });
  expect(trust.stderr).toContain('model-jobs worker: invalid argument: ');
  expect(trust.stderr).toMatch(/MODEL_JOBS_TRUST: .*keys\/note\.txt` holds no public key in PEM that can be read/);
  expect(signing).toMatchObject({ exitCode: 2, stdout: '' });
  expect(signing.stderr).toMatch(/MODEL_JOBS_SIGNING_KEY: `.*lost\.pem` can't be read: ENOENT/);
});
