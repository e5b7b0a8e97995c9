import { ModelJobError } from '../../../../planner/index.js';
import { softmax } from '../numbers.js';
import type { PlacedToken } from '../tokens/placed-tokens.js';

/** What a model said of one window: for each token of the row how likely an answer begins and ends there. */
export interface WindowLogits {
  start: Float32Array;
  end: Float32Array;
  /** Where in the row the tokens of the context begin. */
  place: number;
  /** The tokens of the context in this window. */
  tokens: readonly PlacedToken[];
}

export interface Answer {
  answer: string;
  /** Probability; of one that stands in several places or windows the sum. */
  score: number;
  /** UTF-16 units of the context; `end` is not included. */
  start: number;
  end: number;
  [key: string]: string | number;
}

export interface AnswerParameters {
  top_k: number;
  max_answer_len: number;
  align_to_words: boolean;
  handle_impossible_answer: boolean;
}

interface TokenRange {
  from: number;
  to: number;
  score: number;
}

/**
 * The best answers in a context, best first: `QuestionAnsweringPipeline.postprocess` of transformers 4.57.
 *
 * @throws ModelJobError `Failed` where the model gave what is no number
 */
export function answersIn(context: string, windows: readonly WindowLogits[], parameters: AnswerParameters): Answer[] {
  const { top_k: count, align_to_words: align, handle_impossible_answer: impossible } = parameters;
  const answers: Answer[] = [];
  let least = 1_000_000;
  for (const window of windows) {
    const { start, end, none } = probabilities(window);
    least = Math.min(least, none);
    // Some of them are the same once they are aligned to words.
    for (const range of bestRanges(start, end, align ? count * 2 + 10 : count, parameters.max_answer_len)) {
      const place = placeOf(window.tokens, range, align);
      const text = context.slice(place.start, place.end);
      const same = answers.find(({ answer }) => answer.toLowerCase() === text.toLowerCase());
      if (same) same.score += range.score;
      else answers.push({ answer: text, score: range.score, ...place });
    }
  }
  if (impossible) answers.push({ answer: '', score: least, start: 0, end: 0 });
  return answers.sort((left, right) => right.score - left.score).slice(0, count);
}

/** Probabilities of the context's tokens, and of the first token, which means that there is no answer. */
function probabilities({ start, end, place, tokens }: WindowLogits) {
  const own = (logits: Float32Array): number[] =>
    softmax([logits[0] ?? NaN, ...logits.slice(place, place + tokens.length)]);
  const [starts, ends] = [own(start), own(end)];
  if ([...starts, ...ends].some((value) => !Number.isFinite(value))) {
    throw new ModelJobError('Failed', 'the model gave a number that is not finite (NaN or infinity)', {
      retryable: false,
    });
  }
  return { start: starts.slice(1), end: ends.slice(1), none: (starts[0] ?? 0) * (ends[0] ?? 0) };
}

/** The likeliest ranges of tokens, best first. */
function bestRanges(start: readonly number[], end: readonly number[], count: number, longest: number): TokenRange[] {
  const best: TokenRange[] = [];
  start.forEach((begins, from) => {
    const last = Math.min(from + longest, end.length);
    for (let to = from; to < last; to++) {
      const score = begins * (end[to] ?? 0);
      if (best.length === count && score <= (best.at(-1)?.score ?? 0)) continue;
      const at = best.findIndex((range) => range.score < score);
      best.splice(at === -1 ? best.length : at, 0, { from, to, score });
      if (best.length > count) best.pop();
    }
  });
  return best;
}

/** The part of the context that tokens stand for; aligned, with all of the words that they begin and end in. */
function placeOf(
  tokens: readonly PlacedToken[],
  { from, to }: TokenRange,
  align: boolean,
): { start: number; end: number } {
  const [first, last] = [tokens[from], tokens[to]];
  const begins = align ? tokens.find(({ word }) => word === first?.word) : first;
  const ends = align ? tokens.findLast(({ word }) => word === last?.word) : last;
  return { start: begins?.start ?? 0, end: ends?.end ?? 0 };
}
