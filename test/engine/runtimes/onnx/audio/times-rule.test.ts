import { describe, expect, it } from 'vitest';
import { timesRule } from '../../../../../engine/runtimes/onnx/audio/times-rule.js';
import { loadLibrary } from '../../../../../engine/runtimes/onnx/library.js';

/** Tokens: 0 to 4 words, 5 no times, 6 and on times. */
const config = { no_timestamps_token_id: 5, max_initial_timestamp_index: 1 };

/** The tokens that may be next, behind the one that begins (4) and these. */
async function allowed(tokens: readonly number[], generation: object = config): Promise<number[]> {
  const library = await loadLibrary();
  const rule = timesRule(library, generation) as (rows: bigint[][], logits: unknown) => unknown;
  const scores = new Float32Array(10);
  rule([[4n, ...tokens.map(BigInt)]], [{ data: scores }]);
  return [...scores.keys()].filter((token) => scores[token] === 0);
}

describe('times of a transcript', () => {
  it('begin in the first second', async () => {
    expect(await allowed([])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await allowed([], { no_timestamps_token_id: 5 })).toHaveLength(10);
  });

  it('don’t go back: a stretch ends later than it begins, and the next may begin where it ends', async () => {
    expect(await allowed([7, 0])).toEqual([0, 1, 2, 3, 4, 5, 8, 9]);
    expect(await allowed([7, 0, 8])).toEqual([0, 1, 2, 3, 4, 5, 8, 9]);
    expect(await allowed([7, 0, 8, 8, 1])).toEqual([0, 1, 2, 3, 4, 5, 9]);
  });

  it('have no rule where the network has none', async () => {
    expect(timesRule(await loadLibrary(), {})).toBeUndefined();
  });
});
