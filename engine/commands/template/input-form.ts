import { ModelJobError } from '../../../planner/index.js';

/** What a program is given an input's file as: a recording as WAV, an image as PNG. Other files stay as they are. */
export interface InputForm {
  type: 'wav' | 'png';
  /** Samples a second that the program takes, 16 bits each, in one or two channels. Default: any WAV. */
  rate?: number;
  /** Formats that the program reads as well, by the names of `audio-decode` and `sharp`. */
  takes?: readonly string[];
}

/** The highest rate of a recording, in samples a second. */
const maxRate = 384_000;

/**
 * The form that `{input:wav}`, `{input:wav@16000}` or `{input:png}` names.
 *
 * @throws ModelJobError `InvalidArgument` for another one
 */
export function parseInputForm(text: string): InputForm {
  const [, type, rate] = /^(wav|png)(?:@(\d+))?$/.exec(text) ?? [];
  if (type === 'png' && rate === undefined) return { type };
  if (type === 'wav' && rate === undefined) return { type };
  if (type === 'wav' && Number(rate) >= 1000 && Number(rate) <= maxRate) return { type, rate: Number(rate) };
  throw new ModelJobError(
    'InvalidArgument',
    `\`{input:${text}}\` names no form; there are {input:wav}, {input:wav@16000} and {input:png}`,
  );
}
