import { parseWith } from '../../../planner/index.js';
import { textInput, textOf } from '../../models/tasks/text.js';
import type { Heuristic } from './heuristic.js';
import { ownParameters } from './parameters.js';

const month =
  'Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?';
const day = String.raw`\d{1,2}(?:st|nd|rd|th)?`;
const time = String.raw`\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?`;

const dates = [
  String.raw`\d{4}-\d{2}-\d{2}(?:[T ]${time})?`,
  String.raw`\d{1,2}(?:\.\d{1,2}\.|/\d{1,2}/)\d{2,4}`,
  String.raw`${day} (?:${month})(?:,? \d{4})?`,
  String.raw`(?:${month})\.? ${day}(?:, \d{4})?`,
];

/** What each kind of entity looks like, the kinds that hold others first. Every repetition ends where it must: no text takes long. */
const patterns: Readonly<Record<string, string>> = {
  URL: String.raw`\b(?:https?|ftp)://[^\s<>"]*[^\s<>"'.,;:!?)\]]`,
  EMAIL: String.raw`(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}`,
  DATE: String.raw`(?<![\p{L}\p{N}])(?:${dates.join('|')})(?![\p{L}\p{N}])`,
  NUMBER: String.raw`(?<![\p{L}\p{N}])[+-]?\p{Nd}+(?:[.,]\p{Nd}+)*%?(?![\p{L}\p{N}])`,
};

const anyEntity = new RegExp(
  Object.entries(patterns)
    .map(([name, pattern]) => `(?<${name}>${pattern})`)
    .join('|'),
  'gu',
);

/** E-mail addresses, URLs, dates and numbers, by their looks. `index` is the number of the word, `start` and `end` UTF-16 offsets. */
export const findEntities: Heuristic = (parameters) => {
  const { aggregation_strategy: strategy } = ownParameters('token_classification', parameters);
  const isGrouped = strategy !== 'none';
  const nameField = isGrouped ? 'entity_group' : 'entity';
  return (input) => {
    const text = textOf(parseWith(textInput, input, 'input'));
    const indexOf = wordCounter(text);
    return Array.from(text.matchAll(anyEntity), ({ 0: word, index: start, groups = {} }) => ({
      [nameField]: Object.keys(groups).find((name) => groups[name] !== undefined) ?? '',
      score: 1,
      ...(isGrouped ? {} : { index: indexOf(start) }),
      word,
      start,
      end: start + word.length,
    }));
  };
};

/** How many words begin before an offset, for offsets that grow. */
function wordCounter(text: string): (offset: number) => number {
  const begin = /(?<!\S)\S/gu;
  let count = 0;
  let next = begin.exec(text)?.index ?? Infinity;
  return (offset) => {
    while (next <= offset) {
      count += 1;
      next = begin.exec(text)?.index ?? Infinity;
    }
    return count;
  };
}
