import { describe, expect, it } from 'vitest';
import { detectionRuleOf } from '../../../../../engine/runtimes/onnx/image/detection-rules.js';
import { boxIn } from '../../../../../engine/runtimes/onnx/image/detection.js';
import type { ProcessorName } from '../../../../../engine/runtimes/onnx/image/processor/defaults.js';
import { partsOf, type PartOptions } from '../../../../../engine/runtimes/onnx/image/segmentation/parts.js';
import detection from '../../../../fixtures/references/image/detection.json' with { type: 'json' };
import segmentation from '../../../../fixtures/references/image/segmentation.json' with { type: 'json' };
import { tensorOf } from '../../../../helpers/picture-references.js';

const close = (value: number | null) => (value === null ? null : (expect.closeTo(value, 5) as number));

const tensor = (dims: number[], ...numbers: number[]) => ({ type: 'float32', dims, data: Float32Array.from(numbers) });

const { signal } = new AbortController();

describe('things in an image', () => {
  it.each(detection.cases)('are those of $processor from $threshold on', (one) => {
    const [height = 0, width = 0] = one.size;
    const found = detectionRuleOf(one.processor as ProcessorName, '')(tensorOf(one.logits), tensorOf(one.boxes))
      .filter(({ score }) => score > one.threshold)
      .map((thing) => ({ ...thing, box: Object.values(boxIn(thing, { width, height })) }));
    expect(found).toEqual(one.things.map((thing) => ({ ...thing, score: close(thing.score) })));
  });

  it('are not made up where the rule of the model is not known', () => {
    expect(() => detectionRuleOf('ViTImageProcessor', 'vit')).toThrow(
      /served for the image processors DetrImageProcessor/,
    );
  });

  it.each([NaN, Infinity])('are an error where the network gives %d', (value) => {
    const logits = tensor([1, 1, 2], value, 0);
    expect(() => detectionRuleOf('DetrImageProcessor', '')(logits, tensor([1, 1, 4], 0, 0, 1, 1))).toThrow(
      `the model gives ${value}`,
    );
  });

  it('are found among labels that the network masks with -Infinity', () => {
    const logits = tensor([1, 1, 3], -Infinity, 2, 0);
    const [thing] = detectionRuleOf('DetrImageProcessor', '')(logits, tensor([1, 1, 4], 0.5, 0.5, 1, 1));
    expect(thing).toMatchObject({ label: 1, score: close(Math.exp(2) / (Math.exp(2) + 1)) });
  });
});

const defaults = { threshold: 0.5, mask_threshold: 0.5, overlap_mask_area_threshold: 0.8 };

describe('parts of an image', () => {
  const tensors = (outputs: Record<string, Parameters<typeof tensorOf>[0] | undefined>) =>
    Object.fromEntries(Object.entries(outputs).flatMap(([name, value]) => (value ? [[name, tensorOf(value)]] : [])));

  it.each(segmentation.cases)('are those of $processor with $options', async (one) => {
    const [height = 0, width = 0] = one.size;
    const about = { processor: one.processor as ProcessorName, size: { width, height } };
    const found = await partsOf(tensors(one.outputs), about, { ...defaults, ...one.options } as PartOptions, signal);
    expect(found.map(({ label, score }) => ({ label, score }))).toEqual(
      one.parts.map(({ label, score }) => ({ label, score: close(score) })),
    );
    found.forEach(({ mask }, at) => {
      const wanted = Buffer.from(one.parts[at]!.mask, 'base64');
      expect(mask.length).toBe(wanted.length);
      // Numbers that are as near as floats can be may fall to either side.
      expect(mask.filter((value, pixel) => value !== 255 * (wanted[pixel] ?? 0)).length).toBeLessThan(3);
    });
  });

  it('of labels that are fused are one', async () => {
    const [, one] = segmentation.cases.filter(({ processor }) => processor === 'DetrImageProcessor');
    const about = { processor: 'DetrImageProcessor' as const, size: { width: 40, height: 29 } };
    const rules = { ...defaults, threshold: 0.3, overlap_mask_area_threshold: 0.2 };
    const apart = await partsOf(tensors(one!.outputs), about, rules, signal);
    const labels = apart.map(({ label }) => label!);
    const together = await partsOf(tensors(one!.outputs), about, { ...rules, label_ids_to_fuse: labels }, signal);
    expect(together.map(({ label }) => label)).toEqual([...new Set(labels)]);
    expect(labels.length).toBeGreaterThan(together.length);
  });

  it('must be such as the network gives', async () => {
    const about = { processor: 'SegformerImageProcessor' as const, size: { width: 4, height: 4 } };
    const outputs = { logits: tensor([1, 2, 1, 2], 1, 2, 2, 1) };
    await expect(partsOf(outputs, about, { ...defaults, subtask: 'panoptic' }, signal)).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('options.parameters.subtask') as string,
    });
  });

  it('are one foreground for a network that takes backgrounds away', async () => {
    const about = { processor: 'ViTImageProcessor' as const, size: { width: 2, height: 1 } };
    const [part, ...others] = await partsOf({ output: tensor([1, 1, 1, 2], 0, 1) }, about, defaults, signal);
    expect(others).toEqual([]);
    expect(part).toEqual({ label: undefined, score: null, mask: Uint8Array.of(0, 255) });
  });

  it.each([
    ['logits [1, 3]', { logits: tensor([1, 3], 1, 2, 3) }],
    ['last_hidden_state [1, 2, 2]', { last_hidden_state: tensor([1, 2, 2], 1, 2, 3, 4) }],
    ['output [1, 2, 1, 2]', { output: tensor([1, 2, 1, 2], 1, 2, 3, 4) }],
    ['output [2, 1, 1, 2]', { output: tensor([2, 1, 1, 2], 1, 2, 3, 4) }],
    ['nothing', {}],
  ])('are not made up of %s', async (given, outputs) => {
    const about = { processor: 'ViTImageProcessor' as const, size: { width: 2, height: 1 } };
    await expect(partsOf(outputs, about, defaults, signal)).rejects.toMatchObject({
      code: 'MissingDependency',
      message: expect.stringContaining(`is not served for a network that gives ${given}`) as string,
    });
  });
});
