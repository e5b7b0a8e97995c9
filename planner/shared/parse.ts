import { z } from 'zod';
import { ModelJobError, type ModelJobProblem } from './errors.js';

/** Longest rendering of a refused value in a message, in characters. */
const maxShown = 80;

/**
 * Reads `value` by `schema`.
 *
 * @param subject what is read, for the message: `request`, `manifest`, …
 * @throws ModelJobError `InvalidArgument` whose `problems` list every fault by its path.
 */
export function parseWith<T extends z.ZodType>(schema: T, value: unknown, subject: string): z.output<T> {
  const parsed = read(schema, value, subject);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, value, []));
  const list = problems.map((problem) => `${problem.path || subject}: ${problem.message}`).join('; ');
  throw new ModelJobError('InvalidArgument', `${subject} is not valid: ${list}`, { problems });
}

/**
 * Reads what was written down before, on a disk or storage that others may write to: JSON of a schema.
 *
 * @param place where it stands, for the message: a file, or a line of one
 * @param what it should be, as `plan of a batch`
 * @throws ModelJobError `IntegrityError`, which is final
 */
export function parseStored<T extends z.ZodType>(schema: T, text: string, place: string, what: string): z.output<T> {
  try {
    return parseWith(schema, JSON.parse(text), what);
  } catch (cause) {
    const problem = cause instanceof ModelJobError ? cause.detail : `it is no JSON (${String(cause)})`;
    const reason = text.trim() === '' ? 'it is empty' : problem;
    throw new ModelJobError('IntegrityError', `\`${place}\` is no ${what}: ${reason}`, { cause });
  }
}

function read<T extends z.ZodType>(schema: T, value: unknown, subject: string): z.ZodSafeParseResult<z.output<T>> {
  try {
    // Not the method: zod adds methods to a schema when they are first used, and shared schemas are frozen in the sandbox.
    return z.safeParse(schema, value);
  } catch (error) {
    const reason = `it is nested too deep, or a property of it throws (${String(error)})`;
    throw new ModelJobError('InvalidArgument', `${subject} can't be read: ${reason}`, { cause: error });
  }
}

/** An issue's problems; for a union, those of the alternative that came closest. */
function problemsOf(issue: z.core.$ZodIssue, root: unknown, base: PropertyKey[]): ModelJobProblem[] {
  const path = [...base, ...issue.path];
  const value = valueAt(root, path);
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.find((issues) => failsInside(issues, value));
    if (closest) return closest.flatMap((inner) => problemsOf(inner, root, path));
    return [{ path: formatPath(path), message: `${expectation(issue.errors, value)}, received ${show(value)}` }];
  }
  const received = issue.code === 'unrecognized_keys' ? '' : `, received ${show(value)}`;
  return [{ path: formatPath(path), message: `${describe(issue)}${received}` }];
}

/** Whether an alternative's outer shape fits, so that only something inside it is wrong. */
function failsInside(issues: z.core.$ZodIssue[], value: unknown): boolean {
  return issues.length > 0 && issues.every((issue) => issue.path.length > 0 && !isMissing(issue, value));
}

function isMissing(issue: z.core.$ZodIssue, value: unknown): boolean {
  return issue.path.length === 1 && valueAt(value, issue.path) === undefined;
}

/** What any of the alternatives would have taken: values, or keys that are not there. */
function expectation(alternatives: z.core.$ZodIssue[][], value: unknown): string {
  const issues = alternatives.flat();
  const whole = issues.filter((issue) => issue.path.length === 0 && issue.code !== 'unrecognized_keys').map(describe);
  const keys = issues.filter((issue) => isMissing(issue, value)).map((issue) => `{"${String(issue.path[0])}": …}`);
  const expected = [...new Set([...whole, ...keys])].map((text) => text.replace(/^expected /, ''));
  return expected.length > 0 ? `expected ${expected.join(' or ')}` : 'no alternative fits';
}

function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `expected one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'unrecognized_keys':
      return `unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'invalid_type':
      return `expected ${issue.expected}`;
    default:
      return issue.message;
  }
}

function formatPath(path: PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    '',
  );
}

function valueAt(root: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );
}

/** A value as a message shows it: JSON, at most 80 characters of it. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = jsonOf(value) ?? typeof value;
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

/** Not everything has a JSON form: functions, big integers and rings have none. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
