import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { repoIdOf, type Shape } from './shapes.js';

export interface Network {
  name: 'free' | 'throttled';
  /** Arguments of the hub. */
  args: readonly string[];
}

export const networks: readonly Network[] = [
  { name: 'free', args: [] },
  { name: 'throttled', args: ['--bytes-per-second', '40000000', '--first-byte-delay', '30'] },
];

const hubScript = fileURLToPath(new URL('../../demo/hub/main.js', import.meta.url));

/** Runs our loopback hub in a process of its own, with the repositories' hashes ready. */
export async function withHub(
  { args }: Network,
  folder: string,
  shapes: readonly Shape[],
  signal: AbortSignal,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const repos = shapes.flatMap((shape) => ['--repo', `${repoIdOf(shape)}=${join(folder, shape.name)}`]);
  const hub = execa(process.execPath, [hubScript, ...repos, ...args], {
    stdin: 'ignore',
    stderr: 'inherit',
    buffer: false,
    reject: false,
  });
  try {
    const started = once(createInterface(hub.stdout), 'line', { signal }) as Promise<[string]>;
    const ended = hub.then(() => {
      throw new Error('the hub has ended');
    });
    const [line] = await Promise.race([started, ended]);
    const { url } = JSON.parse(line) as { url: string };
    for (const shape of shapes) {
      const answer = await fetch(`${url}/api/models/${repoIdOf(shape)}`, { signal });
      if (!answer.ok) throw new Error(`the hub answered ${answer.status} for ${repoIdOf(shape)}`);
      await answer.arrayBuffer();
    }
    await use(url);
  } finally {
    hub.kill('SIGTERM');
    await hub;
  }
}
