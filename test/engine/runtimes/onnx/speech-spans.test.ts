import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { speechSpans } from '../../../../engine/runtimes/onnx/audio/speech-spans.js';
import { probabilitiesOf, rulesOf } from '../../../../engine/runtimes/onnx/audio/voice-activity.js';
import reference from '../../../fixtures/references/speech-spans.json' with { type: 'json' };

describe('stretches of speech', () => {
  it.each(reference.map((wanted, at) => ({ at, ...wanted })))(
    'are those of silero-vad: case $at with $options',
    ({ probabilities, options, spans }) => {
      const found = speechSpans(probabilities, 512, probabilities.length * 512, rulesOf(options));
      expect(found.map(({ start, end }) => [start, end])).toEqual(spans);
    },
  );

  const { signal } = new AbortController();
  const giving = (output: Tensor) =>
    ({ inputNames: ['input', 'state'], outputNames: ['output', 'stateN'], run: () => ({ output }) }) as unknown;

  it('are found by a network of halves too', async () => {
    const network = giving(new Tensor('float16', Uint16Array.of(0x3800), [1, 1])) as InferenceSession;
    expect(await probabilitiesOf(new Float32Array(600), network, signal)).toEqual(Float32Array.of(0.5, 0.5));
  });

  it('are an error where the network gives no number', async () => {
    const network = giving(new Tensor('float32', Float32Array.of(NaN), [1, 1])) as InferenceSession;
    await expect(probabilitiesOf(new Float32Array(600), network, signal)).rejects.toMatchObject({
      code: 'Failed',
      message: expect.stringContaining('the model gives NaN') as string,
    });
  });
});
