import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readWorkerConfig } from '../../worker/config.js';
import { temporaryFolder } from '../helpers/activity.js';
import { keyPair } from '../helpers/signing-keys.js';

it('a worker reads its keys before it starts, and names the file that is none', async () => {
  const folder = await temporaryFolder();
  const trust = join(folder, 'trust');
  const { publicPem, privatePem, trusted } = keyPair();
  const read = () => readWorkerConfig({ MODEL_JOBS_TRUST: trust }).activities.signing?.trust;
  expect(read).toThrow(`MODEL_JOBS_TRUST: \`${trust}\` can't be read`);
  await mkdir(join(trust, '..data'), { recursive: true });
  expect(read).toThrow(`MODEL_JOBS_TRUST: \`${trust}\` holds no public key`);
  await writeFile(join(trust, 'ci.pem'), publicPem);
  expect(read()).toMatchObject([{ name: 'ci.pem', hint: trusted.hint }]);
  await writeFile(join(trust, 'wrong.pem'), privatePem);
  expect(read).toThrow(`MODEL_JOBS_TRUST: ${join(trust, 'wrong.pem')}\` holds a PRIVATE KEY`);
  await rm(join(trust, 'wrong.pem'));
  const signing = (path: string) => readWorkerConfig({ MODEL_JOBS_SIGNING_KEY: path }).activities.signing?.key;
  await writeFile(join(folder, 'key.pem'), privatePem);
  expect(signing(join(folder, 'key.pem'))?.hint).toBe(trusted.hint);
  expect(() => signing(join(trust, 'ci.pem'))).toThrow('holds no private key');
});
