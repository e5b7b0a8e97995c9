import { z } from 'zod';
import { isErrorCode, ModelJobError, taskName, type JsonValue } from '../../../planner/index.js';
import { textOfMember, type JsonText } from '../../models/contract/json-text.js';
import type { LoadRequest } from '../../models/contract/model-runtime.js';

/** The protocol that docs/external-models.md describes. */
export const protocol = { protocol: 'model-jobs', version: 1 } as const;

/** The longest line that a program may print, in bytes. */
export const maxLineBytes = 64 * 1024 * 1024;

/** Longest piece of a bad line in a message, in characters. */
const maxShown = 200;

/** What we say: who we are, an input, stop. The end of the program's input says goodbye. */
export type OurLine =
  | ({ type: 'hello'; model: string; task: string; files: string | null; threads: number } & typeof protocol)
  | { type: 'run'; id: number; input: JsonText; parameters: Readonly<Record<string, JsonValue>>; folder: string }
  | { type: 'cancel' };

const readySchema = z.object({
  type: z.literal('ready'),
  version: z.int().nullish(),
  name: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

const noteSchema = z.object({
  type: z.enum(['log', 'progress']),
  message: z.string().nullish(),
  completed: z.number().nullish(),
  total: z.number().nullish(),
});

const answerSchema = z.object({
  type: z.literal('result').nullish(),
  id: z.int(),
  // Any JSON: it was parsed from a line, and large vectors are not walked again.
  output: z.unknown().optional(),
  error: z.object({ code: z.string().nullish(), message: z.string() }).nullish(),
  files: z.array(z.object({ path: z.string(), mediaType: z.string().nullish() })).nullish(),
});

export type Ready = z.infer<typeof readySchema>;
export type Note = z.infer<typeof noteSchema>;
export type Answer = z.infer<typeof answerSchema> & {
  /** The JSON text of the output. */
  outputText?: string;
};

/** What a program says. */
export type ProgramLine = Ready | Note | Answer;

/** The first line of a conversation. */
export function helloFor({ spec, bundle, threads }: LoadRequest): OurLine {
  const model = { model: spec.name, task: taskName(spec.task), files: bundle?.filesDirectory ?? null };
  return { type: 'hello', ...protocol, ...model, threads };
}

/** Writes a line of ours; an input as it is written. */
export function textOfLine(line: OurLine): string {
  if (line.type !== 'run') return JSON.stringify(line);
  const { input, ...rest } = line;
  return `${JSON.stringify(rest).slice(0, -1)},"input":${input.text}}`;
}

/**
 * Reads a program's line.
 *
 * @returns undefined for an empty line
 * @throws Error that says what the program did
 */
export function readProgramLine(line: string): ProgramLine | undefined {
  if (line.trim() === '') return undefined;
  const value = parseJson(line);
  const schema = schemaFor(value);
  const parsed = schema?.safeParse(value);
  if (parsed?.success !== true) {
    const [issue] = parsed?.error.issues ?? [];
    const why = issue ? ` (${issue.path.join('.')}: ${issue.message})` : '';
    throw new Error(`printed a line that the protocol does not know${why}: ${shown(line)}`);
  }
  const said = parsed.data;
  if (!('id' in said)) return said;
  if (said.output !== undefined) return { ...said, outputText: textOfMember(line, 'output') };
  if (!said.error) throw new Error(`answered with neither output nor error: ${shown(line)}`);
  return said;
}

/** The error of one input, from a program's words. */
export function inputErrorOf({ code, message }: NonNullable<Answer['error']>): ModelJobError {
  return new ModelJobError(isErrorCode(code) ? code : 'Failed', message, { retryable: false });
}

/** A message on the way, for the log. */
export function noteText({ type, message, completed, total }: Note): string {
  const share = completed == null ? '' : ` ${completed}${total == null ? '' : `/${total}`}`;
  return `${type === 'progress' ? `progress${share}` : ''} ${message ?? ''}`.trim();
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`printed a line that is not JSON (its own messages belong on stderr): ${shown(line)}`);
  }
}

function schemaFor(value: unknown) {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('id' in value) return answerSchema;
  const { type } = value as { type?: unknown };
  if (type === 'ready') return readySchema;
  return type === 'log' || type === 'progress' ? noteSchema : undefined;
}

function shown(line: string): string {
  return `\`${line.length > maxShown ? `${line.slice(0, maxShown)}…` : line}\``;
}
