import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { noise, transferBox } from '../../../helpers/transfer.js';

const program = fileURLToPath(new URL('../../../helpers/fetch-once.js', import.meta.url));
const path = 'model.safetensors';
const size = 64_000_000;
const kills = 20;

it(`a download that is killed ${kills} times fetches what was missing, and little more`, async () => {
  const { hub, folder, cache } = await transferBox({ [path]: noise(size) }, { bytesPerSecond: 1_000_000 });
  await hub.commit('demo/model');
  const start = () => execa(process.execPath, [program, hub.url, join(folder, 'hub'), 'demo/model', path]);
  const served = (): number => hub.stats.bytes[`demo/model/${path}`] ?? 0;
  const kept: number[] = [];
  const overheads: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const before = served();
    const child = start();
    await once(child.stdout, 'data');
    await sleep(Math.random() * 500);
    child.kill('SIGKILL');
    await child.catch(() => undefined);
    kept.push(await journaled(join(cache, 'blobs')));
    overheads.push(served() - before - (kept.at(-1)! - (kept.at(-2) ?? 0)));
  }
  expect(kept).toEqual([...kept].sort((left, right) => left - right));
  // Much less than a range of 8 MiB for each of the connections: what was on its way, and what came since the journal.
  expect(Math.max(...overheads)).toBeLessThan(8 << 20);

  const last = await start();
  expect(JSON.parse(last.stdout.split('\n').at(-1)!)).toEqual({ fetched: size - kept.at(-1)!, reused: kept.at(-1) });
  const [blob, ...others] = await readdir(join(cache, 'blobs'));
  // One that was killed while it took a dead one's lock away leaves that: `cache remove --partials` takes it.
  expect(others.filter((name) => !/\.lock\.[0-9a-f]{16}\.tmp$/.test(name))).toEqual([]);
  expect((await readFile(join(cache, 'blobs', blob!))).equals(noise(size))).toBe(true);
  console.log(
    `killed ${kills} times: ${served()} bytes served for ${size}, ${Math.max(...overheads)} at most for one kill`,
  );
});

/** What the journal says is there. */
async function journaled(folder: string): Promise<number> {
  const journal = (await readdir(folder).catch(() => [])).find((name) => name.endsWith('.journal'));
  if (journal === undefined) return 0;
  const { parts } = JSON.parse(await readFile(join(folder, journal), 'utf8')) as { parts: [number, number][] };
  return parts.reduce((sum, [start, end]) => sum + end - start, 0);
}
