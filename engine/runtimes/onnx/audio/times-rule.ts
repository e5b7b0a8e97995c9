import { z } from 'zod';
import { parseWith } from '../../../../planner/index.js';
import type { Library, Tensor } from '../library.js';

/** A row for each transcript. */
type Scores = InstanceType<Library['Tensor']>;

const generationSchema = z.looseObject({
  is_multilingual: z.boolean().nullish(),
  no_timestamps_token_id: z.int().nullish(),
  max_initial_timestamp_index: z.int().nullish(),
});

/**
 * The rules of Whisper's times that transformers has and the library lacks: a transcript begins in the first second
 * (`max_initial_timestamp_index`), and times don't go back.
 *
 * @param generation the network's `generation_config.json`
 * @returns undefined for a network without times
 */
export function timesRule(library: Library, generation: unknown): object | undefined {
  const config = parseWith(generationSchema, generation ?? {}, 'generation_config.json');
  const { no_timestamps_token_id: without, max_initial_timestamp_index: latest, is_multilingual: many } = config;
  if (without == null) return undefined;
  const first = without + 1;
  // The token that begins a transcript; a language and a task.
  const prompt = many ? 3 : 1;

  class TimesRule extends library.LogitsProcessor {
    override _call(rows: bigint[][], logits: Scores): Scores {
      rows.forEach((row, at) =>
        forbid(row.slice(prompt).map(Number), (logits as unknown as Tensor[])[at]?.data as Float32Array),
      );
      return logits;
    }
  }

  function forbid(tokens: readonly number[], scores: Float32Array): void {
    if (tokens.length === 0 && latest != null) scores.fill(-Infinity, first + latest + 1);
    const last = tokens.findLast((token) => token >= first);
    if (last === undefined) return;
    // A stretch may begin where the one before it ends, and ends later than it begins.
    const [before = first, now = 0] = tokens.slice(-2);
    const ends = now >= first && before < first;
    scores.fill(-Infinity, first, ends ? last : last + 1);
  }

  const list = new library.LogitsProcessorList();
  list.push(new TimesRule());
  return list;
}
