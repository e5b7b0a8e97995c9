/** Whether a file request is a pattern: with `*`, `?` or `[…]`, or the name of a folder with a slash behind it. */
export function isPattern(path: string): boolean {
  return /[*?[]|\/$/.test(path);
}

const matchers = new Map<string, RegExp>();

/**
 * Whether a path matches a pattern as `allow_patterns` of Python's huggingface_hub has it (`filter_repo_objects`): by
 * `fnmatch`, where `*` and `?` stand for slashes too; a folder's name with a slash stands for all that is in it.
 */
export function matchesPattern(path: string, pattern: string): boolean {
  const matcher = matchers.get(pattern) ?? matcherOf(pattern);
  matchers.set(pattern, matcher);
  return matcher.test(path.replaceAll('\\', '/'));
}

function matcherOf(pattern: string): RegExp {
  const slashed = pattern.replaceAll('\\', '/');
  const letters = Array.from(slashed.endsWith('/') ? `${slashed}*` : slashed);
  let source = '';
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? '';
    const end = letter === '[' ? endOfSet(letters, at + 1) : -1;
    if (end !== -1) {
      source += setOf(letters.slice(at + 1, end));
      at = end;
    } else if (letter === '*') source += '.*';
    else source += letter === '?' ? '.' : literal(letter);
  }
  return new RegExp(`^${source}$`, 'su');
}

/** Where the `]` of a set stands; one that comes first is a letter of it. */
function endOfSet(letters: readonly string[], from: number): number {
  const first = letters[from] === '!' ? from + 1 : from;
  return letters.indexOf(']', letters[first] === ']' ? first + 1 : first);
}

/** `[a-c]`, `[!a-c]`; a range that runs backwards is empty, as in Python's `fnmatch.translate`. */
function setOf(inside: readonly string[]): string {
  const isNegated = inside[0] === '!';
  const letters = isNegated ? inside.slice(1) : inside;
  let members = '';
  for (let at = 0; at < letters.length; at++) {
    const [first = '', dash, last] = letters.slice(at, at + 3);
    if (dash !== '-' || last === undefined) members += literal(first);
    else {
      if (codeOf(first) <= codeOf(last)) members += `${literal(first)}-${literal(last)}`;
      at += 2;
    }
  }
  if (members === '') return isNegated ? '.' : '(?!)';
  return `[${isNegated ? '^' : ''}${members}]`;
}

function literal(letter: string): string {
  return `\\u{${codeOf(letter).toString(16)}}`;
}

function codeOf(letter: string): number {
  return letter.codePointAt(0) ?? 0;
}
