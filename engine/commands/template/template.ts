import { ModelJobError } from '../../../planner/index.js';
import { parseInputForm } from './input-form.js';
import { splitWords } from './split-words.js';

/** What stands in a template for a value. */
export type PlaceholderName = 'model' | 'bundle' | 'input' | 'text' | 'output' | 'threads' | 'param';

export interface Placeholder {
  name: PlaceholderName;
  /** Of `{model:path}`, `{param:name}` and `{input:form}`. */
  argument?: string;
  /** Of `{param:name=value}`. */
  fallback?: string;
}

/** One argument: its pieces, in order. */
export type TemplateWord = readonly (string | Placeholder)[];

/** A command line with placeholders, as the worker's operator wrote it. */
export interface Template {
  program: string;
  words: readonly TemplateWord[];
}

/** Whether a placeholder takes what follows the colon. */
const takesArgument: Readonly<Record<PlaceholderName, 'never' | 'may' | 'must'>> = {
  model: 'may',
  bundle: 'never',
  input: 'may',
  text: 'never',
  output: 'never',
  threads: 'never',
  param: 'must',
};

export const placeholderNames = Object.keys(takesArgument);

/**
 * Reads a template: words as a shell splits them, `{name}`, `{name:argument}` and `{param:name=fallback}` in them, and
 * `{{` and `}}` for braces.
 *
 * @throws ModelJobError `InvalidArgument` that says what is wrong with it
 */
export function parseTemplate(text: string): Template {
  const [program, ...words] = splitWords(text).map(parseWord);
  if (!program) throw refused('it names no program');
  const [name, ...rest] = program;
  if (typeof name !== 'string' || rest.length > 0) throw refused('its program must not have a placeholder');
  return { program: name, words };
}

/** The placeholders of a template, in order. */
export function placeholdersOf({ words }: Template): Placeholder[] {
  return words.flat().filter((piece) => typeof piece !== 'string');
}

function parseWord(word: string): TemplateWord {
  const pieces: (string | Placeholder)[] = [];
  const add = (text: string): void => {
    const last = pieces.at(-1);
    if (typeof last === 'string') pieces[pieces.length - 1] = last + text;
    else pieces.push(text);
  };
  for (const [piece, body] of word.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    if (body !== undefined) pieces.push(parsePlaceholder(body));
    else if (piece === '{{' || piece === '}}') add(piece.slice(1));
    else if (piece === '{' || piece === '}') throw refused(`\`${word}\` has a lone \`${piece}\`; write it twice`);
    else add(piece);
  }
  return pieces.length === 0 ? [''] : pieces;
}

/** Reads what is between braces: `name`, `name:argument`, `param:name=fallback`. */
export function parsePlaceholder(body: string): Placeholder {
  const [, name = '', argument, fallback] = /^([^:=]*)(?::([^=]*))?(?:=([\s\S]*))?$/.exec(body) ?? [];
  if (!isPlaceholder(name)) {
    const known = Object.keys(takesArgument).map((known) => `{${known}}`);
    throw refused(`\`{${body}}\` is not a placeholder; there are ${known.join(', ')}`);
  }
  const takes = takesArgument[name];
  if (takes === 'must' && !argument) throw refused(`\`{${body}}\` lacks a name: {${name}:name}`);
  if (takes === 'never' && argument !== undefined) throw refused(`\`{${body}}\` takes nothing behind a colon`);
  if (name !== 'param' && fallback !== undefined) throw refused(`\`{${body}}\` takes no fallback`);
  if (name === 'input' && argument !== undefined) parseInputForm(argument);
  return {
    name,
    ...(argument === undefined ? {} : { argument }),
    ...(fallback === undefined ? {} : { fallback }),
  };
}

function isPlaceholder(name: string): name is PlaceholderName {
  return Object.hasOwn(takesArgument, name);
}

function refused(detail: string): ModelJobError {
  return new ModelJobError('InvalidArgument', detail);
}
