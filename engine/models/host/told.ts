import { ModelJobError } from '../../../planner/index.js';
import type { RowMetadata, RunOptions } from '../contract/model-runtime.js';

/** What a runtime tells of the inputs of a call while it runs them, by their places. */
export interface Told {
  options: Required<Pick<RunOptions, 'annotate' | 'countTokens'>>;
  metadataOf(input: number): RowMetadata | undefined;
  /** Undefined where the runtime does not count them. */
  tokensOf(input: number): number | undefined;
}

/** Nothing is told yet. */
export function createTold(): Told {
  const metadata = new Map<number, RowMetadata>();
  const tokens = new Map<number, number>();
  return {
    options: {
      annotate: (input, told) => void metadata.set(input, { ...metadata.get(input), ...told }),
      countTokens: (input, count) => void tokens.set(input, count),
    },
    metadataOf: (input) => metadata.get(input),
    tokensOf: (input) => tokens.get(input),
  };
}

/** What is told of a row with several inputs: the longest of those that were cut. */
export function worse(before: RowMetadata | null | undefined, now: RowMetadata): RowMetadata {
  return (before?.truncated?.tokens ?? 0) > (now.truncated?.tokens ?? 0)
    ? { ...now, ...before }
    : { ...before, ...now };
}

/** The refusal of a text that was cut, in the words of OpenAI, which cuts none; undefined for one that was not. */
export function refusalOfCut({ truncated }: RowMetadata): ModelJobError | undefined {
  if (!truncated) return undefined;
  const { kept, tokens } = truncated;
  const limit = `This model's maximum context length is ${kept} tokens, however you requested ${tokens} tokens`;
  return new ModelJobError('InvalidArgument', `${limit}: give a shorter text, or the parameter \`truncation\``);
}
