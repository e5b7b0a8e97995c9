import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openEndToEnd } from '../helpers/end-to-end.js';

const secret = 'correct-horse-battery-staple';

const box = await openEndToEnd();
const connection = await Connection.connect({ address: inject('temporalAddress') });
const { workflow } = new Client({ connection });
afterAll(() => connection.close());

beforeAll(async () => {
  const policy = {
    secrets: { API_KEY: { file: join(box.folder, 'api-key') } },
    commands: [{ program: '/bin/sh', args: 'any', env: ['API_KEY'], secrets: ['API_KEY'] }],
  };
  await writeFile(join(box.folder, 'api-key'), `${secret}\n`);
  await writeFile(join(box.folder, 'policy.json'), JSON.stringify(policy));
  await box.startWorker({ MODEL_JOBS_POLICY: join(box.folder, 'policy.json'), MODEL_JOBS_COMMANDS: '' });
});

it('a secret reaches its program, and stands in no history, result, log or list of processes', async () => {
  const id = 'tells-secret';
  const script = 'echo "${#API_KEY} $API_KEY"; tr "\\0" "\\n" < /proc/$$/cmdline; cat /proc/*/cmdline; exit 3';
  const started = await box.cli('start', {
    id,
    kind: 'ExternalCommand',
    backend: 'external',
    spec: { name: 'sh', task: 'ocr', source: { kind: 'external_command', command: '/bin/sh' }, files: [] },
    options: { command: { args: ['-c', script], env: { API_KEY: { secret: 'API_KEY' } }, successExitCodes: [3] } },
  });
  expect(started.stderr).not.toContain('error');
  const { stdout } = await box.cli('result', undefined, id, '--json');
  expect(stdout).toContain(`${secret.length} [secret API_KEY]`);
  const history = historyToJSON(await workflow.getHandle(id).fetchHistory());
  const payloads = [...history.matchAll(/"data":\s*"([^"]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString(),
  );
  expect(payloads.join('\n')).toContain('[secret API_KEY]');
  const logs = await everyFile(join(box.folder, 'home', 'jobs'));
  for (const text of [stdout, history, ...payloads, ...logs]) expect(text).not.toContain(secret);
});

/** The text of every file below a folder. */
async function everyFile(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
}
