import { lengthOf, ModelJobError } from '../../../planner/index.js';
import type { RowMetadata, RunOptions } from '../contract/model-runtime.js';

/** What a runtime tells of the inputs of a call while it runs them, by their places. */
export interface Told {
  options: Required<Pick<RunOptions, 'annotate' | 'countTokens'>>;
  /** Whether nothing was told of any input but its tokens. */
  readonly isSilent: boolean;
  metadataOf(input: number): RowMetadata | undefined;
  /** What is told of the inputs of a row, from the first on to one that is none: the longest of those that were cut. */
  worst(from: number, until: number): RowMetadata | null;
  /** The tokens of such inputs, as far as the runtime counts them. */
  tokensOf(from: number, until: number): number[];
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
    get isSilent() {
      return metadata.size === 0;
    },
    metadataOf: (input) => metadata.get(input),
    worst: (from, until) => valuesIn(metadata, from, until).reduce<RowMetadata | null>(worse, null),
    tokensOf: (from, until) => valuesIn(tokens, from, until),
  };
}

function valuesIn<T>(values: ReadonlyMap<number, T>, from: number, until: number): T[] {
  return Array.from({ length: until - from }, (_, at) => values.get(from + at)).filter((value) => value !== undefined);
}

function worse(before: RowMetadata | null, now: RowMetadata): RowMetadata {
  return lengthOf(before?.truncated) > lengthOf(now.truncated) ? { ...now, ...before } : { ...before, ...now };
}

/** The refusal of a text that was cut, in the words of OpenAI, which cuts none; undefined for one that was not. */
export function refusalOfCut(told: RowMetadata | undefined): ModelJobError | undefined {
  if (!told?.truncated || !('tokens' in told.truncated)) return undefined;
  const { kept, tokens } = told.truncated;
  const limit = `This model's maximum context length is ${kept} tokens, however you requested ${tokens} tokens`;
  return new ModelJobError('InvalidArgument', `${limit}: give a shorter text, or the parameter \`truncation\``);
}
