import { ModelJobError, type JsonValue } from '../../../planner/index.js';
import { placeholdersOf, type Placeholder, type Template, type TemplateWord } from './template.js';

/** What the placeholders stand for, for one input. */
export interface TemplateValues {
  /** Absolute path of a file of the bundle; without a path, of its only weights. */
  model: (path: string | undefined) => string;
  bundle: () => string;
  /** Absolute path of the input's file, in this form. */
  input: (form: string | undefined) => string;
  text: () => string;
  output: string;
  threads: number;
  /** The request's `options.parameters`. */
  parameters: Readonly<Record<string, JsonValue>>;
}

/**
 * The arguments of one run. Each word of the template becomes one argument, whatever its values hold.
 *
 * @throws ModelJobError `InvalidArgument` for a parameter that is missing or no plain value, and for a value that the
 *   program would take for an option
 */
export function fillTemplate({ words }: Template, values: TemplateValues): string[] {
  let optionsEnded = false;
  return words.map((word) => {
    const argument = fillWord(word, values, optionsEnded);
    optionsEnded ||= argument === '--';
    return argument;
  });
}

/**
 * Refuses parameters that the template has no place for.
 *
 * @throws ModelJobError `InvalidArgument` that names them and those that there are
 */
export function checkParameters(template: Template, parameters: TemplateValues['parameters']): void {
  const declared = placeholdersOf(template).flatMap(({ name, argument }) => (name === 'param' ? [argument] : []));
  const unknown = Object.keys(parameters).filter((name) => !declared.includes(name));
  if (unknown.length === 0) return;
  const known = declared.length === 0 ? 'none' : [...new Set(declared)].join(', ');
  throw refused(`options.parameters: unknown ${unknown.join(', ')}; the program takes ${known}`);
}

function fillWord(word: TemplateWord, values: TemplateValues, optionsEnded: boolean): string {
  let argument = '';
  for (const piece of word) {
    if (typeof piece === 'string') {
      argument += piece;
      continue;
    }
    const value = valueOf(piece, values);
    const text = String(value);
    if (text.includes('\0')) throw refused(`${sourceOf(piece)} must not hold a NUL byte`);
    if (argument === '' && !optionsEnded && isCallersText(piece, values) && text.startsWith('-'))
      throw refused(`${sourceOf(piece)} begins with \`-\`, which the program would take for an option`);
    argument += text;
  }
  return argument;
}

/** Whether the request wrote it; what the operator wrote may be an option. */
function isCallersText({ name, argument = '' }: Placeholder, { parameters }: TemplateValues): boolean {
  return name === 'text' || (name === 'param' && typeof parameters[argument] === 'string');
}

function valueOf(placeholder: Placeholder, values: TemplateValues): string | number | boolean {
  switch (placeholder.name) {
    case 'model':
      return values.model(placeholder.argument);
    case 'input':
      return values.input(placeholder.argument);
    case 'bundle':
      return values.bundle();
    case 'text':
      return values.text();
    case 'param':
      return parameterOf(placeholder, values.parameters);
    default:
      return values[placeholder.name];
  }
}

function parameterOf(
  { argument = '', fallback }: Placeholder,
  parameters: TemplateValues['parameters'],
): string | number | boolean {
  const value = Object.hasOwn(parameters, argument) ? parameters[argument] : undefined;
  if (value === undefined || value === null) {
    if (fallback !== undefined) return fallback;
    throw refused(`options.parameters.${argument} is missing: the program needs it`);
  }
  if (typeof value !== 'object') return value;
  throw refused(`options.parameters.${argument} must be a text, a number or a boolean, not ${JSON.stringify(value)}`);
}

function sourceOf({ name, argument }: Placeholder): string {
  return name === 'param' ? `options.parameters.${argument}` : `the input's ${name}`;
}

function refused(detail: string): ModelJobError {
  return new ModelJobError('InvalidArgument', detail);
}
