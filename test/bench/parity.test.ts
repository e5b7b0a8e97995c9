import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareEmbeddings } from '../../bench/parity/compare.js';
import { parityTexts } from '../../bench/parity/texts.js';

const demoSentences = fileURLToPath(new URL('../../demo/data/sentences.jsonl', import.meta.url));

describe('the parity check', () => {
  const vectors = [
    [1, 0],
    [0.9, 0.1],
    [0, 1],
  ];

  it('passes what is the same but for the last digits', () => {
    const near = vectors.map((vector) => vector.map((value) => value + 1e-9));
    const { largest, ...rest } = compareEmbeddings(vectors, near);
    expect(largest).toBeCloseTo(1e-9, 12);
    expect(rest).toEqual({ different: [], tied: 0, reordered: [] });
  });

  it('finds a number that is off, not a number, or missing', () => {
    const with0 = (vector: number[]) => [vector, ...vectors.slice(1)];
    for (const wrong of [[1.001, 0], [NaN, 0], [1], [1, 0, 0]]) {
      expect(compareEmbeddings(vectors, with0(wrong)).different).toEqual([0]);
      expect(compareEmbeddings(with0(wrong), vectors).different).toEqual([0]);
    }
  });

  it('finds neighbours in another order, but tolerates ties', () => {
    const swapped = [vectors[0]!, vectors[2]!, vectors[1]!];
    expect(compareEmbeddings(vectors, swapped).reordered).toContain(0);
    const tied = [
      [1, 0],
      [0.5, 0.5],
      [0.5, 0.5 + 1e-7],
    ];
    const other = [
      [1, 0],
      [0.5, 0.5 + 1e-7],
      [0.5, 0.5],
    ];
    expect(compareEmbeddings(tied, other)).toMatchObject({ reordered: [], tied: 1 });
  });

  it('has its texts without the file of sentences too, each at its place', () => {
    const texts = parityTexts(demoSentences, 200);
    expect(texts).toHaveLength(200);
    for (const text of ['', 'a', '漢', '\t\n']) expect(texts).toContain(text);
    expect(texts.filter((text) => text.length > 4000).length).toBeGreaterThan(3);
  });
});
