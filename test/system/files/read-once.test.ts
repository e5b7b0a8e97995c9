import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { readOnce } from '../../../system/files/read-once.js';
import { temporaryFolder } from '../../helpers/activity.js';

afterEach(() => vi.restoreAllMocks());

const reader = () => vi.fn((path: string) => readFile(path, 'utf8'));

/** A file that is older than its clock is coarse. */
async function settled(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, text);
  const later = Date.now() + 10_000;
  vi.spyOn(Date, 'now').mockReturnValue(later);
  return path;
}

it('reads a file once for as long as it stays as it is, also where its time of change is put back', async () => {
  const path = await settled('one');
  const read = reader();
  const once = readOnce(read);
  expect([await once(path), await once(path)]).toEqual(['one', 'one']);
  expect(read).toHaveBeenCalledTimes(1);
  await utimes(path, 1, 1);
  await writeFile(path, 'two');
  await utimes(path, 1, 1);
  expect(await once(path)).toBe('two');
});

it('reads a file again that may still change within a tick of its clock', async () => {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, 'one');
  const read = reader();
  const once = readOnce(read);
  await once(path);
  await once(path);
  expect(read).toHaveBeenCalledTimes(2);
});

it('keeps the files that were read last', async () => {
  const path = await settled('one');
  const others = await Promise.all(Array.from({ length: 32 }, (_, at) => settled(`other ${at}`)));
  const read = reader();
  const once = readOnce(read);
  await once(path);
  for (const other of others) await once(other);
  await once(others[0]!);
  expect(read).toHaveBeenCalledTimes(33);
  await once(path);
  expect(read).toHaveBeenCalledTimes(34);
});

it('fails as the reading does, each time', async () => {
  const once = readOnce(reader());
  const path = join(await temporaryFolder(), 'none');
  for (let time = 0; time < 2; time++) await expect(once(path)).rejects.toMatchObject({ code: 'ENOENT' });
});
