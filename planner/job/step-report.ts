import { z } from 'zod';
import { progressSchema } from './progress.js';

/** A step that is tried again. Times are RFC 3339. */
export interface StepRetry {
  /** The activity: `downloadModel`. */
  step: string;
  /** The attempt that runs or comes next; 1 is the first. */
  attempt: number;
  /** The most attempts; absent where nothing bounds them. */
  maxAttempts?: number;
  /** Why the attempt before failed; absent where it ended without a word. */
  failure?: string;
  /** When the next attempt begins, while none runs. */
  nextAt?: string;
  /** When the step is given up if nothing new comes. */
  givesUpAt?: string;
}

const attempt = z.int().positive();
const stepReportSchema = z.object({
  step: z.string(),
  attempt,
  maxAttempts: z.exactOptional(attempt),
  failure: z.exactOptional(z.string()),
  nextAt: z.exactOptional(z.string()),
  givesUpAt: z.exactOptional(z.string()),
  progress: z.exactOptional(progressSchema()),
});

/** What a step tells its workflow now and then: how far it is, or that it is tried again. */
export type StepReport = z.infer<typeof stepReportSchema>;

/** Reads a report; undefined for anything else that somebody signals. */
export function readStepReport(value: unknown): StepReport | undefined {
  return z.safeParse(stepReportSchema, value).data;
}

const keys: readonly (readonly [keyof StepRetry, string])[] = [
  ['step', 'retry.step'],
  ['attempt', 'retry.attempt'],
  ['maxAttempts', 'retry.max_attempts'],
  ['failure', 'retry.failure'],
  ['nextAt', 'retry.next_at'],
  ['givesUpAt', 'retry.gives_up_at'],
];

/** A retry as entries of a snapshot's metadata. */
export function retryMetadata(retry: StepRetry): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap(([key, name]) => (retry[key] === undefined ? [] : [[name, String(retry[key])]])),
  );
}

/** Reads {@link retryMetadata} back; undefined where no step is tried again. */
export function retryOf(metadata: Readonly<Record<string, string>>): StepRetry | undefined {
  const texts = Object.fromEntries(keys.flatMap(([key, name]) => (name in metadata ? [[key, metadata[name]]] : [])));
  return z.safeParse(retryTextSchema, texts).data;
}

const number = z.coerce.number().int().positive();
const retryTextSchema = stepReportSchema.extend({ attempt: number, maxAttempts: z.exactOptional(number) });
