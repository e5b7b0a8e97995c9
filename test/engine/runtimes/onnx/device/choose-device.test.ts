import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseDevice, type Probe } from '../../../../../engine/runtimes/onnx/device/choose-device.js';
import { seemsToHaveGpu } from '../../../../../engine/runtimes/onnx/device/gpu-files.js';
import { temporaryFolder } from '../../../../helpers/activity.js';

const has =
  (...devices: string[]): Probe =>
  (provider) =>
    Promise.resolve(devices.includes(provider) ? undefined : 'no adapter');

describe('the device of a model', () => {
  it.each([
    ['cpu', true, ['cuda', 'webgpu'], 'cpu'],
    ['auto', false, ['webgpu'], 'cpu'],
    ['auto', true, ['webgpu'], 'webgpu'],
    ['auto', true, ['cuda', 'webgpu'], 'cuda'],
    ['webgpu', false, ['webgpu'], 'webgpu'],
  ] as const)('for the setting %s, with a GPU: %s, where %j compute, is %s', async (wanted, gpu, there, provider) => {
    expect(await chooseDevice(wanted, () => gpu, has(...there))).toEqual({ provider });
  });

  it.each(['webgpu', 'cuda', 'auto'] as const)('is the CPU, with a warning, where %s can’t be had', async (wanted) => {
    const { provider, warning } = await chooseDevice(wanted, () => true, has());
    expect(provider).toBe('cpu');
    expect(warning).toContain(`MODEL_JOBS_DEVICE=${wanted} can't be had`);
    expect(warning).toContain(`${wanted === 'auto' ? 'cuda' : wanted}: no adapter`);
  });
});

describe('a GPU is there', () => {
  it.each([
    ['one of NVIDIA, by its driver', 'dev/nvidia0', '', true],
    ['one of AMD, by its maker', 'sys/class/drm/renderD128/device/vendor', '0x1002\n', true],
    ['but not one that is a virtual machine’s display', 'sys/class/drm/renderD128/device/vendor', '0x1af4\n', false],
    ['but none without such files', 'dev/null', '', false],
  ])('%s', async (_, path, text, there) => {
    const root = await temporaryFolder();
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
    expect(seemsToHaveGpu('linux', root)).toBe(there);
  });
});
