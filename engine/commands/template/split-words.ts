import { ModelJobError } from '../../../planner/index.js';

/** Words that only a shell would understand: there is none. */
const shellWords: ReadonlySet<string> = new Set(['|', '||', '&', '&&', ';', '<', '>', '>>', '2>', '2>&1', '&>']);

/**
 * Splits a command line into words as a POSIX shell does, and does nothing else that a shell does: spaces part words,
 * quotes hold them together, a backslash takes the next character as it is (not between single quotes; between double
 * quotes only before `"` and `\`).
 *
 * @throws ModelJobError `InvalidArgument` for an open quote, and for operators of a shell
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  // One piece of a word: plain, escaped, in single or in double quotes; or the space behind a word.
  const pattern = /([^\s\\'"]+)|\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|(\s+)/y;
  let word: string | undefined;
  let quoted = false;
  const end = (): void => {
    if (word === undefined) return;
    if (!quoted && shellWords.has(word)) throw refused(`\`${word}\` is for a shell, and no shell reads this`);
    words.push(word);
    word = undefined;
    quoted = false;
  };
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw refused(text[at] === '\\' ? 'it ends in a backslash' : `the quote at ${text.slice(at)} is open`);
    const [, plain, escaped, single, double, space] = match;
    if (space !== undefined) {
      end();
      continue;
    }
    word = (word ?? '') + (plain ?? escaped ?? single ?? double?.replace(/\\(["\\])/g, '$1') ?? '');
    quoted ||= plain === undefined;
  }
  end();
  return words;
}

function refused(detail: string): ModelJobError {
  return new ModelJobError('InvalidArgument', detail);
}
