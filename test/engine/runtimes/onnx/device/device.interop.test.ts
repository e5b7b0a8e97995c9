import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RuntimeSettings } from '../../../../../engine/models/contract/model-runtime.js';
import type { InferenceFacts } from '../../../../../planner/index.js';
import { modelBox } from '../../../../helpers/model.js';

const texts = ['a good day', 'what a terrible, awful mess', 'fine'];

afterEach(() => vi.unstubAllEnvs());

describe('a model on another device', () => {
  it('answers as on the CPU, and the warmup names the device', async ({ skip }) => {
    const onGpu = await boxOn('webgpu');
    const { device } = await onGpu.warm();
    skip(device !== 'webgpu', 'there is no adapter for WebGPU');
    const expected = labelsOf(await (await boxOn('cpu')).infer());
    const answers = labelsOf(await onGpu.infer());
    expect(answers).toHaveLength(texts.length);
    answers.forEach(({ label, score }, at) => {
      expect(label).toBe(expected[at]?.label);
      expect(score).toBeCloseTo(expected[at]?.score ?? NaN, 4);
    });
  });

  it('that is not there is computed by the CPU, and the facts say why', async () => {
    // No driver for Vulkan.
    vi.stubEnv('VK_DRIVER_FILES', '/nowhere');
    vi.stubEnv('VK_ICD_FILENAMES', '/nowhere');
    const box = await boxOn(process.platform === 'linux' ? 'webgpu' : 'cuda');
    const facts = {
      device: 'cpu',
      deviceWarning: expect.stringMatching(/^MODEL_JOBS_DEVICE=.* and the CPU computes/) as string,
    };
    expect(await box.warm()).toMatchObject(facts);
    expect(await box.infer()).toMatchObject(facts);
  });

  it('is not looked for by default', async () => {
    const facts = await (await boxOn(undefined)).warm();
    expect(facts).toMatchObject({ device: 'cpu' });
    expect(facts).not.toHaveProperty('deviceWarning');
  });
});

function labelsOf({ outputs }: InferenceFacts): Label[] {
  return (outputs as unknown as Label[][]).flat();
}

interface Label {
  label: string;
  score: number;
}

async function boxOn(device: RuntimeSettings['device']) {
  const box = await modelBox('model', { processes: 1, settings: { programs: {}, device } });
  const inputs = texts.map((value) => ({ kind: 'json', value }));
  return {
    warm: () => box.run((input) => box.activities.warmRuntime(input), box.request('Warmup')),
    infer: () => box.run((input) => box.activities.runInference(input), box.request('Inference', { inputs })),
  };
}
