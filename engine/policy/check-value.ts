import { RE2JS } from 're2js';
import { ModelJobError } from '../../planner/index.js';
import type { ValueRule } from './argument-rule.js';

/** The longest argument that is held against a pattern, in characters. */
const maxPatternText = 4096;

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A path of a command's arguments, in full and with links resolved.
 *
 * @throws ModelJobError `PermissionDenied` outside of what the job may use
 */
export type PathCheck = (path: string) => Promise<string>;

/** What a rule came to: the argument as the program gets it, or what was expected in its place. */
export type Checked = { argument: string } | { expected: string };

/** Holds a value against a rule. */
export async function checkValue(rule: ValueRule, text: string, checkPath: PathCheck): Promise<Checked> {
  if (rule.exact !== undefined) return text === rule.exact ? { argument: text } : expected(quoted(rule.exact));
  if (rule.oneOf) return rule.oneOf.includes(text) ? { argument: text } : expected(rule.oneOf.map(quoted).join(' or '));
  if (rule.pattern !== undefined) return checkPattern(rule.pattern, text);
  if (rule.number) return checkNumber(rule.number, text);
  return checkPathText(text, checkPath);
}

function checkPattern(pattern: string, text: string): Checked {
  if (text.length > maxPatternText) return expected(`at most ${maxPatternText} characters`);
  return compiled(pattern).matches(text) ? { argument: text } : expected(`a text that fits ${pattern}`);
}

/** The operator's patterns, compiled once. */
const expressions = new Map<string, RE2JS>();

function compiled(pattern: string): RE2JS {
  const expression = expressions.get(pattern) ?? RE2JS.compile(pattern);
  expressions.set(pattern, expression);
  return expression;
}

function checkNumber(
  { min = -Infinity, max = Infinity, integer }: NonNullable<ValueRule['number']>,
  text: string,
): Checked {
  const value = decimal.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max && (integer !== true || Number.isInteger(value))) return { argument: text };
  return expected(`${integer === true ? 'a whole number' : 'a number'} from ${min} to ${max}`);
}

async function checkPathText(text: string, checkPath: PathCheck): Promise<Checked> {
  // The program would take it for an option.
  if (text === '' || text.startsWith('-')) return expected('a path');
  try {
    return { argument: await checkPath(text) };
  } catch (error) {
    if (error instanceof ModelJobError) return expected(`a path inside the roots (${error.detail})`);
    throw error;
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function expected(what: string): Checked {
  return { expected: what };
}
