import { describe, expect, it } from 'vitest';
import { loadLibrary } from '../../../../../engine/runtimes/onnx/library.js';
import { textTokenizer, type TextTokenizer } from '../../../../../engine/runtimes/onnx/tokens/text-tokenizer.js';
import { keptOfPair, kept, windowsOf, type PairRule } from '../../../../../engine/runtimes/onnx/tokens/cutting.js';
import { rowOf } from '../../../../../engine/runtimes/onnx/tokens/row-template.js';
import { referenceCases, referenceTokenizer, unitsOf } from '../../../../helpers/text-references.js';

const opened = new Map<string, Promise<TextTokenizer>>();

function openTokenizer(name: string): Promise<TextTokenizer> {
  const opening = opened.get(name) ?? loadTokenizer(name);
  opened.set(name, opening);
  return opening;
}

async function loadTokenizer(name: string): Promise<TextTokenizer> {
  const { AutoTokenizer } = await loadLibrary();
  const tokenizer = await AutoTokenizer.from_pretrained(referenceTokenizer(name), { local_files_only: true });
  return textTokenizer(tokenizer, 48);
}

describe('tokens and their places', () => {
  it('are those of the Rust tokenizers: words, bytes and pieces of sentences', async () => {
    type Case = { tokenizer: string; text: string; ids: number[]; offsets: [number, number][]; words: number[] };
    for (const { tokenizer: name, text, ids, offsets, words } of await referenceCases<Case>('offsets')) {
      const tokenizer = await openTokenizer(name);
      const placed = tokenizer.placedTokensOf(text);
      const unit = unitsOf(text);
      expect(placed.map(({ id }) => id)).toEqual(ids);
      expect(placed.map(({ start, end }) => [start, end])).toEqual(offsets.map((pair) => pair.map(unit)));
      expect(placed.map(({ word }) => word)).toEqual(words);
      expect(tokenizer.tokensOf(text)).toEqual(ids);
    }
  });
});

describe('a text or a pair that is too long', () => {
  it('keeps what the Rust tokenizers keep, by each rule', async () => {
    type Case = {
      tokenizer: string;
      first: string;
      second: string | null;
      rule: PairRule;
      max_length: number;
      ids: number[];
      types: number[] | null;
    };
    const cases = await referenceCases<Case>('truncation');
    for (const { tokenizer: name, first, second, rule, max_length: longest, ids, types } of cases) {
      const tokenizer = await openTokenizer(name);
      const [a, b] = [tokenizer.tokensOf(first), tokenizer.tokensOf(second ?? '')];
      const lengths = keptOfPair(a.length, b.length, longest - tokenizer.pair.specials, rule) ?? [0, 0];
      const row =
        second === null
          ? rowOf(tokenizer.single, kept(a, longest - tokenizer.single.specials, 'right'))
          : rowOf(tokenizer.pair, kept(a, lengths[0], 'right'), kept(b, lengths[1], 'right'));
      expect(row.ids).toEqual(ids);
      if (types) expect(row.types).toEqual(types);
    }
  });

  it('can’t be cut of one text alone where that has too little', () => {
    expect(keptOfPair(3, 20, 15, 'only_first')).toBeUndefined();
    expect(keptOfPair(30, 20, 15, 'only_second')).toBeUndefined();
    expect(keptOfPair(30, 20, 35, 'only_first')).toEqual([15, 20]);
  });

  it('is windows that overlap and end with its end', () => {
    expect(windowsOf(10, 4, 1)).toEqual([
      { from: 0, to: 4 },
      { from: 3, to: 7 },
      { from: 6, to: 10 },
    ]);
    expect(windowsOf(4, 4, 1)).toEqual([{ from: 0, to: 4 }]);
    expect(windowsOf(0, 4, 1)).toEqual([{ from: 0, to: 0 }]);
    expect(windowsOf(11, 4, 0).at(-1)).toEqual({ from: 8, to: 11 });
  });
});
