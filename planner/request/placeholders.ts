import { ModelJobError } from '../shared/errors.js';
import { nearestName } from '../shared/nearest.js';
import type { ModelJobInput } from './input.js';
import type { ModelAccessJobRequest } from './request.js';

/** The moment that placeholders stand for, and the time zone (IANA name) whose clock shows it. */
export interface Moment {
  time: Date;
  timeZone: string;
}

/** What may stand between braces, from a wall clock that is kept as a UTC time. */
const fields: Readonly<Record<string, (clock: Date) => string>> = {
  yyyy: (clock) => padded(clock.getUTCFullYear(), 4),
  MM: (clock) => padded(clock.getUTCMonth() + 1, 2),
  dd: (clock) => padded(clock.getUTCDate(), 2),
  HH: (clock) => padded(clock.getUTCHours(), 2),
  mm: (clock) => padded(clock.getUTCMinutes(), 2),
  ss: (clock) => padded(clock.getUTCSeconds(), 2),
  date: (clock) => clock.toISOString().slice(0, 10),
};

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

/** What stands between braces, unless it is a glob's list. */
const braces = /\{([^{},/]*)\}/g;

/** Placeholders as other programs write them: `${date}`, `{{ date }}`. */
const otherBraces = /\$\{([^{},/]*)\}|\{\{([^{},/]*)\}\}/g;

/** Braces with nothing of the kind between them: closed, never closed, never opened. */
const pieces = /\{[^{}]*\}?|[^{}/]*\}/g;

/** `dd`, and `dd-1d` for the day before. */
const placeholder = /^([A-Za-z]+)(?:([+-]\d{1,5})([dhm]))?$/;

/** A name that can only be meant as a part of a time, such as a misspelt `{YYYY}`. */
const timeLike = /^[yYmMdDhHsS]+$/;

/** Words that others have for a part of a time. */
const otherNames: Readonly<Record<string, string>> = {
  year: 'yyyy',
  month: 'MM',
  day: 'dd',
  hour: 'HH',
  minute: 'mm',
  second: 'ss',
  today: 'date',
  yesterday: 'date-1d',
  ds: 'date',
  now: 'date',
  time: 'HH',
  week: 'dd',
  timestamp: 'date',
  run: 'date',
  execution: 'date',
  scheduled: 'date',
  logical: 'date',
};

/**
 * Puts a time into a request's paths: `localPath` inputs, URIs of artifacts, the source's folder, and every text of
 * `options.batch`. Other braces, such as a glob's `{a,b}`, stay as they are.
 *
 * @throws ModelJobError `InvalidArgument` that names the field, for a placeholder or a time zone that does not exist
 */
export function fillPlaceholders(request: ModelAccessJobRequest, moment: Moment): ModelAccessJobRequest {
  const fill = (text: string, field: string): string => fillText(text, field, moment);
  const { spec, options } = request;
  return {
    ...request,
    spec: { ...spec, source: fillSource(spec.source, fill) },
    inputs: request.inputs.map((input, index) => fillInput(input, index, fill)),
    ...(options?.batch ? { options: { ...options, batch: fillTexts(options.batch, 'options.batch', fill) } } : {}),
  };
}

/** Whether a name is that of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return clockOf(name).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

type Fill = (text: string, field: string) => string;

function fillSource(source: ModelAccessJobRequest['spec']['source'], fill: Fill): typeof source {
  return source.kind === 'local_path' ? { ...source, path: fill(source.path, 'spec.source.path') } : source;
}

function fillInput(input: ModelJobInput, index: number, fill: Fill): ModelJobInput {
  switch (input.kind) {
    case 'json':
      return input;
    case 'localPath':
      return { ...input, value: fill(input.value, `inputs[${index}].value`) };
    case 'artifact':
      return { ...input, value: { ...input.value, uri: fill(input.value.uri, `inputs[${index}].value.uri`) } };
  }
}

/** The same value with every text in it filled. */
function fillTexts<T>(value: T, field: string, fill: Fill): T {
  if (typeof value === 'string') return fill(value, field) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((entry, index) => fillTexts<unknown>(entry, `${field}[${index}]`, fill)) as T;
  const entries = Object.entries(value).map(([key, entry]) => [
    key,
    fillTexts<unknown>(entry, `${field}.${key}`, fill),
  ]);
  return Object.fromEntries(entries) as T;
}

function fillText(text: string, field: string, moment: Moment): string {
  for (const [whole, first, second] of text.matchAll(otherBraces)) {
    const name = (first ?? second ?? '').trim();
    if (isKnown(name) || meantBy(name) !== undefined) throw unknownPlaceholder(whole, field, meantBy(name));
  }
  for (const [piece] of text.matchAll(pieces)) {
    if (isBroken(piece)) throw unknownPlaceholder(piece, field, meantBy(piece.slice(1)));
  }
  return text.replace(braces, (whole: string, inner: string) => {
    const [, name = '', amount = '0', unit = 'd'] = placeholder.exec(inner) ?? [];
    const write = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (write) return write(wallClock(moment, Number(amount), unit));
    const meant = meantBy(inner);
    if (meant === undefined) return whole;
    throw unknownPlaceholder(whole, field, meant);
  });
}

function unknownPlaceholder(whole: string, field: string, meant = 'date'): ModelJobError {
  const known = Object.keys(fields).map((one) => `{${one}}`);
  const message = `unknown placeholder ${whole}`;
  return new ModelJobError(
    'InvalidArgument',
    `${field}: ${message}, expected ${known.join(' ')} (perhaps {${meant}}, or {dd-1d} for another day)`,
    { problems: [{ path: field, message }] },
  );
}

function isKnown(text: string): boolean {
  return Object.hasOwn(fields, placeholder.exec(text)?.[1] ?? '');
}

/** Whether braces hold the name of a part of a time, but not as a placeholder: `{yyyy/MM}`, `{yyyy,MM}`, `{date`, `date}`. */
function isBroken(piece: string): boolean {
  if (!piece.startsWith('{')) return isKnown(/[A-Za-z]+(?:[+-]\d+[dhm])?(?=\}$)/.exec(piece)?.[0] ?? '');
  const inner = piece.replace(/^\{|\}$/g, '');
  const [word = ''] = /^\s*[A-Za-z]*/.exec(inner) ?? [];
  if (!piece.endsWith('}') || inner.includes('/')) return isKnown(word.trim()) || timeLike.test(word.trim());
  return inner.includes(',') && inner.split(',').every((one) => isKnown(one.trim()));
}

/** The placeholder that other braces may be meant for; undefined for what has nothing to do with times. */
function meantBy(inner: string): string | undefined {
  const [, word = ''] = /^\s*([A-Za-z]+)/.exec(inner) ?? [];
  const known = Object.keys(fields);
  const other = Object.entries(otherNames).find(([name]) => name === word.toLowerCase())?.[1];
  const nearest = other ?? nearestName(word, known);
  return nearest ?? (timeLike.test(word) ? known[0] : undefined);
}

/** Days are moved on the calendar, hours and minutes in time: a day may have 23 or 25 hours. */
function wallClock({ time, timeZone }: Moment, amount: number, unit: string): Date {
  const shift = amount * (unitMs[unit] ?? 0);
  if (unit === 'd') return new Date(localTime(time.getTime(), timeZone) + shift);
  return new Date(localTime(time.getTime() + shift, timeZone));
}

/** What a clock in the time zone shows, as if it stood in UTC; in milliseconds. */
function localTime(time: number, timeZone: string): number {
  if (timeZone === 'UTC') return time;
  const parts = clockOf(timeZone).formatToParts(time);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/**
 * By the time zones that this Node.js knows. A workflow may ask: where a replay knows a newer rule, its commands stay the
 * same, for only what an activity is given differs.
 */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const numeric = 'numeric' as const;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch {
    throw new ModelJobError('InvalidArgument', `timeZone: unknown time zone \`${timeZone}\`, expected an IANA name`);
  }
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
