import { describe, expect, it } from 'vitest';
import { speechSpans } from '../../../../engine/runtimes/onnx/audio/speech-spans.js';
import { rulesOf } from '../../../../engine/runtimes/onnx/audio/voice-activity.js';
import reference from '../../../fixtures/references/speech-spans.json' with { type: 'json' };

describe('stretches of speech', () => {
  it.each(reference.map((wanted, at) => ({ at, ...wanted })))(
    'are those of silero-vad: case $at with $options',
    ({ probabilities, options, spans }) => {
      const found = speechSpans(probabilities, 512, probabilities.length * 512, rulesOf(options));
      expect(found.map(({ start, end }) => [start, end])).toEqual(spans);
    },
  );
});
