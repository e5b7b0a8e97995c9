import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { pythonWith } from './python.js';
import { checkout, type RealModel } from './real-model.js';

/** What a peer did: rows, and seconds without its load. */
export interface PeerRun {
  rows: number;
  seconds: number;
}

/** Runs one of `bench/inference-peers/` as a process of its own. */
export async function peer(name: 'ours' | 'transformers' | 'raw', ...args: string[]): Promise<PeerRun> {
  const script = fileURLToPath(new URL(`./inference-peers/${name}.js`, import.meta.url));
  const { stdout } = await execa(process.execPath, [script, ...args], { stderr: 'inherit' });
  return JSON.parse(stdout) as PeerRun;
}

/** Runs the Python peer; undefined where there is no Python. */
export async function pythonPeer({ folder }: RealModel): Promise<PeerRun | undefined> {
  const python = await pythonWith('onnxruntime', 'tokenizers', 'numpy');
  const script = join(checkout, 'bench/inference-peers/onnxruntime_peer.py');
  if (!python) return undefined;
  return JSON.parse(await python.run([script, folder, join(dirname(folder), 'sentences.txt')])) as PeerRun;
}

export function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

export function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}
