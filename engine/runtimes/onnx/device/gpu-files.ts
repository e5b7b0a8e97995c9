import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makers of GPUs, by their PCI ids: NVIDIA, AMD, Intel. Adapters that are software, or a machine's display, have others. */
const makers = ['0x10de', '0x1002', '0x8086'];

/**
 * Whether this machine seems to have a GPU to compute on. On Linux the kernel's files tell; elsewhere it takes a try.
 *
 * @param root of the file system
 */
export function seemsToHaveGpu(platform: NodeJS.Platform = process.platform, root = '/'): boolean {
  if (platform !== 'linux') return true;
  const files = namesIn(join(root, 'dev'));
  // NVIDIA's own driver, and the Windows host's GPU in WSL.
  if (files.some((name) => /^(?:nvidia\d+|dxg)$/.test(name))) return true;
  const nodes = namesIn(join(root, 'sys/class/drm')).filter((name) => name.startsWith('renderD'));
  return nodes.some((node) => makers.includes(textOf(join(root, 'sys/class/drm', node, 'device/vendor')).trim()));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
