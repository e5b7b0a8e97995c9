import { z } from 'zod';
import { once } from '../shared/once.js';

/** Every `step`-th number from `start` to `end`, both included. */
export interface CalendarRange {
  start: number;
  end: number;
  step: number;
}

interface FieldFacts {
  min: number;
  max: number;
  /** What a calendar without this field means. */
  fallback: string;
  /** Names of the numbers from `min` on; the first three letters are enough. */
  names?: readonly string[];
}

const months = 'JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER'.split(' ');
const days = 'SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY'.split(' ');

/** The fields of a calendar, with Temporal's bounds and defaults. */
const calendarFields = {
  second: { min: 0, max: 59, fallback: '0' },
  minute: { min: 0, max: 59, fallback: '0' },
  hour: { min: 0, max: 23, fallback: '0' },
  dayOfMonth: { min: 1, max: 31, fallback: '*' },
  month: { min: 1, max: 12, fallback: '*', names: months },
  year: { min: 1970, max: 9999, fallback: '*' },
  dayOfWeek: { min: 0, max: 6, fallback: '*', names: days },
} as const satisfies Record<string, FieldFacts>;

export type CalendarField = keyof typeof calendarFields;

const fieldNames = Object.keys(calendarFields) as CalendarField[];

/**
 * Times that match all of its fields: `{"hour": 2, "dayOfWeek": "MON-FRI"}`. A field is a number, or a text as in cron:
 * `*`, `1-5`, `0,30`, `*` or a range with `/10`, names for months and days. Without them `second`, `minute` and `hour`
 * are 0, the others `*`.
 */
export const calendarSchema = once(() =>
  z.strictObject({
    second: fieldSchema('second'),
    minute: fieldSchema('minute'),
    hour: fieldSchema('hour'),
    dayOfMonth: fieldSchema('dayOfMonth'),
    month: fieldSchema('month'),
    year: fieldSchema('year'),
    dayOfWeek: fieldSchema('dayOfWeek'),
    /** What the calendar is for; kept by the server. */
    comment: z.string().nullish(),
  }),
);

export type Calendar = z.infer<ReturnType<typeof calendarSchema>>;

/** The ranges of each field of a calendar that is valid; `*` is the field's whole range. */
export function calendarRanges(calendar: Calendar): Record<CalendarField, CalendarRange[]> {
  const ranges = fieldNames.map((name) => {
    const facts = calendarFields[name];
    return [name, parseField(calendar[name] ?? facts.fallback, facts) ?? []] as const;
  });
  return Object.fromEntries(ranges) as Record<CalendarField, CalendarRange[]>;
}

/** A calendar as one would write it, from the ranges of its fields; no range at all means every value. */
export function calendarOf(ranges: Readonly<Record<CalendarField, readonly CalendarRange[]>>): Calendar {
  const texts = fieldNames.flatMap((name) => {
    const facts: FieldFacts = calendarFields[name];
    const text = ranges[name].map((range) => rangeText(range, facts)).join(',') || '*';
    return text === facts.fallback ? [] : [[name, text] as const];
  });
  return Object.fromEntries(texts);
}

function fieldSchema(name: CalendarField) {
  const facts: FieldFacts = calendarFields[name];
  const { min, max, names = [] } = facts;
  const examples = names.length > 0 ? `${String(names[1]).slice(0, 3)}, 1-5 or *` : '5, 1-5, 0,30 or */10';
  return z
    .union([z.number(), z.string()])
    .refine((value) => parseField(value, facts) !== undefined, {
      message: `expected numbers from ${min} to ${max}, such as ${examples}`,
    })
    .nullish();
}

/** Undefined for what is not a field's value. */
function parseField(value: number | string, facts: FieldFacts): CalendarRange[] | undefined {
  const ranges = String(value)
    .split(',')
    .map((part) => parseRange(part.trim(), facts));
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
}

function parseRange(text: string, facts: FieldFacts): CalendarRange | undefined {
  const [, from = '', to, every] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,4}))?$/.exec(text) ?? [];
  const step = every === undefined ? 1 : Number(every);
  if (step < 1 || (from === '*' && to !== undefined)) return undefined;
  if (from === '*') return { start: facts.min, end: facts.max, step };
  const start = parseValue(from, facts);
  // As in cron, `5/10` goes on to the end of the range.
  const end = to !== undefined ? parseValue(to, facts) : every === undefined ? start : facts.max;
  return start === undefined || end === undefined || end < start ? undefined : { start, end, step };
}

function parseValue(text: string, { min, max, names = [] }: FieldFacts): number | undefined {
  const upper = text.toUpperCase();
  const named = upper.length < 3 ? -1 : names.findIndex((name) => name === upper || name.slice(0, 3) === upper);
  if (named >= 0) return min + named;
  const number = Number(text);
  return /^\d{1,4}$/.test(text) && number >= min && number <= max ? number : undefined;
}

function rangeText({ start, end, step }: CalendarRange, { min, max, names }: FieldFacts): string {
  const word = (value: number): string => names?.[value - min]?.slice(0, 3) ?? String(value);
  const suffix = step > 1 ? `/${step}` : '';
  if (start <= min && end >= max) return `*${suffix}`;
  return end > start ? `${word(start)}-${word(end)}${suffix}` : word(start);
}
