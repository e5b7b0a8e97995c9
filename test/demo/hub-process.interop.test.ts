import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../../dist/demo/hub/main.js', import.meta.url));
const model = fileURLToPath(new URL('../../demo/model/afinn-sentiment', import.meta.url));

it('serves as a process until it is told to end', async () => {
  const hub = spawn(process.execPath, [main, '--repo', `demo/afinn-sentiment=${model}`]);
  onTestFinished(() => void hub.kill('SIGKILL'));
  const { url } = await firstLine(hub);
  const info = (await (await fetch(`${url}/api/models/demo/afinn-sentiment`)).json()) as { id: string };
  expect(info.id).toBe('demo/afinn-sentiment');
  hub.kill('SIGTERM');
  expect(await once(hub, 'exit')).toEqual([0, null]);
});

it.each([
  ['demo/x=/no/such/folder', 'repo "demo/x": "/no/such/folder" is not a folder; give one that exists'],
  ['demo/x', '"demo/x" must be an id, "=" and a folder'],
])('refuses --repo %s', async (value, message) => {
  const run = promisify(execFile)(process.execPath, [main, '--repo', value]);
  await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) as string });
});

async function firstLine(child: ChildProcess): Promise<{ url: string }> {
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return JSON.parse(line) as { url: string };
}
