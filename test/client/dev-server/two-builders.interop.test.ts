import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compiledRoom, gone, runModule } from './processes.js';
import { fakeGo, surroundings, temporaryFolder } from './programs.js';

const search = (room: string) => `
import { findServer } from '${room}/index.js';
console.log((await findServer({ report: console.log })).path);
`;

test('of two processes that find nothing one builds, and the other waits for it by name', async () => {
  const [room, bin] = [await compiledRoom(), await temporaryFolder()];
  const go = await fakeGo(bin, 60);
  const { env, cache } = await surroundings(bin);
  const first = runModule(search(room), env);
  await first.line('building the Temporal CLI');
  const second = runModule(search(room), env);
  await second.line(`process ${first.child.pid} is getting the Temporal dev server already`);
  await go.finish();
  const [firstLines, secondLines] = await Promise.all([first.ended, second.ended]);
  expect(firstLines.at(-1)).toBe(join(cache, 'temporal'));
  expect(secondLines.at(-1)).toBe(join(cache, 'temporal'));
  expect(await go.calls()).toBe(1);
  expect(await readdir(cache)).toEqual(['temporal']);
});

test('a builder that is killed loses its lock at once, and what it left half made is removed', async () => {
  const [room, slow, quick] = [await compiledRoom(), await temporaryFolder(), await temporaryFolder()];
  await fakeGo(slow, 3);
  await fakeGo(quick);
  const { env, cache } = await surroundings(slow);
  const first = runModule(search(room), env);
  await first.line('building the Temporal CLI');
  first.child.kill('SIGKILL');
  await first.ended;
  expect(await readlink(join(cache, 'making.lock'))).toContain(`:${first.child.pid}:`);
  await mkdir(join(cache, 'making-abc'));
  await writeFile(join(cache, 'making-abc', 'temporal'), 'half');
  const startedAt = Date.now();
  const second = runModule(search(room), { ...env, PATH: `${quick}:${env.PATH}` });
  expect((await second.ended).at(-1)).toBe(join(cache, 'temporal'));
  expect(Date.now() - startedAt).toBeLessThan(3_000);
  expect(await readdir(cache)).toEqual(['temporal']);
});

test('a builder that is told to end by SIGTERM ends its build and leaves no lock', async () => {
  const [room, bin] = [await compiledRoom(), await temporaryFolder()];
  await fakeGo(bin, 60);
  const { env, cache } = await surroundings(bin);
  const builder = runModule(search(room), env);
  await builder.line('building the Temporal CLI');
  const children = await readFile(`/proc/${builder.child.pid}/task/${builder.child.pid}/children`, 'utf8').catch(
    () => '',
  );
  builder.child.kill('SIGTERM');
  await builder.ended;
  for (const pid of children.trim().split(' ').filter(Boolean)) await gone(Number(pid), 2_000);
  expect(await readdir(cache)).not.toContain('making.lock');
});
