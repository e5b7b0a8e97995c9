import { lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { execa } from 'execa';
import { networks, withHub, type Network } from './download-peers/networks.js';
import { shapes, writeRepos, type Shape } from './download-peers/shapes.js';
import { firstLine, readyTools, toolNames, type Tool, type ToolName } from './download-peers/tools.js';

/**
 * The download of a whole repository into an empty cache, from our loopback hub in a process of its own: ours against
 * named peers in the same run. Ours verifies every hash, the peers do not. A ratio above 1 means that ours is faster.
 */
interface Flags {
  shape?: Shape['name'];
  network?: Network['name'];
  rounds: number;
  tools: ToolName[];
}

interface Measured {
  seconds: number;
  firstBytesMs?: number;
}

const flags = new Command('bench:download')
  .addOption(new Option('--shape <shape>', 'large includes one').choices(['large', 'one', 'small']))
  .addOption(new Option('--network <network>').choices(['free', 'throttled']))
  .option('--rounds <count>', 'how often each is measured', toRounds, 3)
  .option('--tools <names>', `of ${toolNames.join(',')}`, toTools, [...toolNames])
  .parse()
  .opts<Flags>();
const stop = new AbortController();
// Not once: without a listener execa would end this process before it has tidied up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort(new Error(signal)));

const tools = await readyTools(flags.tools);
console.log(`${availableParallelism()} cores; load before: ${loadNow()}`);
const chosen = shapes.filter(({ name }) => isChosen(name) && tools.some((tool) => tool.shapes.includes(name)));
const home = await mkdtemp(join(tmpdir(), 'model-jobs-download-'));
try {
  await writeRepos(home, chosen);
  console.log(
    `\n${row(['shape', 'network', 'tool', 'median s', 'peer/ours'])}  first bytes  nothing to do  each round`,
  );
  for (const network of networks.filter(({ name }) => (flags.network ?? name) === name)) {
    await withHub(network, home, chosen, stop.signal, async (url) => {
      for (const shape of chosen) await compare(url, network, shape);
    });
  }
  console.log(`load after, our own included: ${loadNow()}`);
} finally {
  await rm(home, { recursive: true, force: true });
}

function isChosen(name: Shape['name']): boolean {
  return flags.shape === undefined || flags.shape === name || (flags.shape === 'large' && name === 'one');
}

/** Each round runs every tool, so that they share its noise, and begins with another one. */
async function compare(url: string, network: Network, shape: Shape): Promise<void> {
  const running = tools.filter((tool) => tool.shapes.includes(shape.name));
  const times = new Map(running.map((tool) => [tool, [] as Measured[]]));
  const again: Measured[] = [];
  for (let round = 0; round < flags.rounds; round++) {
    const turn = round % running.length;
    for (const tool of [...running.slice(turn), ...running.slice(0, turn)]) {
      await inEmptyCache(async (cacheDir) => {
        times.get(tool)?.push(await measure(tool, url, shape, cacheDir));
        if (tool.name === 'ours') again.push(await measure(tool, url, shape, cacheDir));
      }).catch((error: unknown) => {
        stop.signal.throwIfAborted();
        console.log(`${tool.name} failed at ${shape.about}: ${firstLine(error)}`);
      });
    }
  }
  const ours = median(running.filter(({ name }) => name === 'ours').flatMap((tool) => secondsOf(times.get(tool))));
  for (const [tool, measured] of times) {
    const seconds = median(secondsOf(measured));
    const firstBytes = median(measured.flatMap(({ firstBytesMs }) => firstBytesMs ?? []));
    const ratio = tool.name === 'ours' ? undefined : seconds / ours;
    const cells = [shape.about, network.name, tool.name, fixed(seconds, 3), fixed(ratio, 2)];
    const extra = [
      fixed(firstBytes, 0, ' ms').padStart(13),
      fixed(tool.name === 'ours' ? median(secondsOf(again)) : undefined, 3, ' s').padStart(15),
    ];
    console.log(
      `${row(cells)}${extra.join('')}  ${secondsOf(measured)
        .map((each) => each.toFixed(3))
        .join(' ')}`,
    );
  }
}

async function inEmptyCache(use: (cacheDir: string) => Promise<void>): Promise<void> {
  const cacheDir = join(home, 'cache');
  await mkdir(cacheDir);
  try {
    await use(cacheDir);
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
}

/** One download in a process of its own; what it reports counts only when every byte is on disk. */
async function measure(tool: Tool, url: string, shape: Shape, cacheDir: string): Promise<Measured> {
  const { file, args, env } = tool.command({ url, shape, cacheDir });
  const start = performance.now();
  const { stdout } = await execa(file, args, {
    env: { ...env, NO_PROXY: '127.0.0.1' },
    stdin: 'ignore',
    cancelSignal: stop.signal,
  });
  const seconds = (performance.now() - start) / 1000;
  const bytes = await bytesBelow(cacheDir);
  const expected = shape.paths.length * shape.fileBytes;
  if (bytes < expected) throw new Error(`${bytes} of ${expected} bytes are in its cache`);
  const last = stdout.trim().split('\n').at(-1) ?? '';
  return last.startsWith('{') ? (JSON.parse(last) as Measured) : { seconds };
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await lstat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Of the last minute: what else runs on the machine shows in the times. */
function loadNow(): string {
  return (loadavg()[0] ?? 0).toFixed(2);
}

function secondsOf(measured: readonly Measured[] = []): number[] {
  return measured.map(({ seconds }) => seconds);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function fixed(value: number | undefined, digits: number, unit = ''): string {
  return value === undefined || Number.isNaN(value) ? '-' : `${value.toFixed(digits)}${unit}`;
}

function row([shape = '', network = '', tool = '', ...numbers]: readonly string[]): string {
  const words = [shape.padEnd(13), network.padEnd(10), tool.padEnd(7)];
  return [...words, ...numbers.map((number) => number.padStart(10))].join(' ');
}

function toRounds(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError(`"${value}" must be a whole number from 1`);
  return count;
}

function toTools(value: string): ToolName[] {
  const wanted = value.split(',');
  const unknown = wanted.find((name) => !toolNames.some((known) => known === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${toolNames.join(', ')}`);
  return toolNames.filter((name) => wanted.includes(name));
}
