import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseServer, connectServer } from '../../../client/connection/connect.js';
import { NoServerError } from '../../../client/connection/errors.js';

let home: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'model-jobs-connect-'));
  env = { MODEL_JOBS_HOME: home, TEMPORAL_CONFIG_FILE: join(home, 'none.toml') };
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

test('TEMPORAL_ADDRESS names the server', async () => {
  const choice = await chooseServer({ ...env, TEMPORAL_ADDRESS: '10.0.0.1:7233', TEMPORAL_NAMESPACE: 'prod' });
  expect(choice).toMatchObject({ address: '10.0.0.1:7233', namedBy: 'TEMPORAL_ADDRESS', uiUrl: undefined });
  expect(choice.config.namespace).toBe('prod');
});

test('temporal.toml names the server where TEMPORAL_ADDRESS is not set or empty', async () => {
  const file = join(home, 'temporal.toml');
  await writeFile(file, '[profile.default]\naddress = "10.0.0.2:7233"\n');
  const choice = await chooseServer({ ...env, TEMPORAL_ADDRESS: '', TEMPORAL_CONFIG_FILE: file });
  expect(choice).toMatchObject({ address: '10.0.0.2:7233', namedBy: 'temporal.toml' });
});

test('a configuration that cannot be read is named', async () => {
  const file = join(home, 'broken.toml');
  await writeFile(file, '[profile');
  await expect(chooseServer({ ...env, TEMPORAL_CONFIG_FILE: file })).rejects.toThrow(/configuration can't be read/);
});

test('without a server the advice is to run dev or to set TEMPORAL_ADDRESS', async () => {
  const refused = chooseServer(env);
  await expect(refused).rejects.toBeInstanceOf(NoServerError);
  await expect(refused).rejects.toThrow(/run `model-jobs dev` .* or set TEMPORAL_ADDRESS/);
});

test('the record of a dev that is gone names no server', async () => {
  await mkdir(join(home, 'server'), { recursive: true });
  const record = { address: '127.0.0.1:9', uiUrl: 'http://127.0.0.1:9', pid: 2 ** 22 + 1, ownerPid: 1, startedAt: '' };
  await writeFile(join(home, 'server', 'dev.json'), JSON.stringify(record));
  await expect(chooseServer(env)).rejects.toBeInstanceOf(NoServerError);
});

test('a server that accepts connections and says nothing is given up in time', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const address = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const before = Date.now();
  await expect(connectServer({ env: { ...env, TEMPORAL_ADDRESS: address }, timeoutMs: 400 })).rejects.toThrow(
    `no Temporal server answers at ${address} (TEMPORAL_ADDRESS) within 0.4 s`,
  );
  expect(Date.now() - before).toBeLessThan(3000);
  silent.close();
});
