import { seemsToHaveGpu } from './gpu-files.js';
import { problemOf } from './probe.js';
import type { Provider } from './provider.js';

/** What a model computes on, and why that is not what the operator asked for. */
export interface ChosenDevice {
  provider: Provider;
  warning?: string;
}

/** Tells why a device can't be computed on; undefined where it can. */
export type Probe = (provider: Provider) => Promise<string | undefined>;

/** Devices that `auto` tries, the fastest first. */
const gpus: readonly Provider[] = ['cuda', 'webgpu'];

/**
 * Chooses the device for a setting. One that can't be computed on is told of, and the CPU stands in; `auto` is content
 * with the CPU where there is no GPU.
 */
export async function chooseDevice(
  wanted: Provider | 'auto' = 'cpu',
  hasGpu: () => boolean = seemsToHaveGpu,
  probe: Probe = problemOf,
): Promise<ChosenDevice> {
  if (wanted === 'cpu' || (wanted === 'auto' && !hasGpu())) return { provider: 'cpu' };
  const problems: string[] = [];
  for (const provider of wanted === 'auto' ? gpus : [wanted]) {
    const problem = await probe(provider);
    if (problem === undefined) return { provider };
    problems.push(`${provider}: ${problem}`);
  }
  const warning = `MODEL_JOBS_DEVICE=${wanted} can't be had on this worker, and the CPU computes (${problems.join('; ')})`;
  return { provider: 'cpu', warning };
}
