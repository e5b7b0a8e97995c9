import type { Readable } from 'node:stream';
import { z } from 'zod';
import { createLineScanner } from '../../system/files/line-scanner.js';

/** The longest line that is read, in bytes. */
const maxLineBytes = 64 * 1024;

/** What a program reports of itself on file descriptor 3: one of these a line, as JSON. */
const reportSchema = z.union([
  z.strictObject({
    /** How far it is; `total` where it is known. */
    progress: z
      .strictObject({
        completed: z.int().nonnegative(),
        total: z.int().positive().nullish(),
        unit: z.string().trim().min(1).max(100).default('steps'),
        message: z.string().nullish(),
      })
      .refine(({ completed, total }) => total == null || completed <= total, { error: 'completed is more than total' }),
  }),
  /** A file that it made in the job's folder. */
  z.strictObject({ artifact: z.strictObject({ path: z.string().min(1) }) }),
  /** A line for the job's log: a text, or any JSON. */
  z.strictObject({ log: z.json() }),
  /** What it goes on from when it runs again: any JSON, kept in `MODEL_JOB_CHECKPOINT`. */
  z.strictObject({ checkpoint: z.json() }),
]);

export type ProgramReport = z.output<typeof reportSchema>;

/**
 * Reads the reports of a program until it ends.
 *
 * @param onReport hears each; `onOther` hears what is none, of which people are told
 */
export function readReports(
  stream: Readable,
  { onReport, onOther }: { onReport: (report: ProgramReport) => void; onOther: (line: string) => void },
): void {
  const scanner = createLineScanner((chunk, from, until, sizeBytes) => {
    const text = chunk.toString('utf8', from, until);
    const report = sizeBytes > until - from ? undefined : reportIn(text);
    if (report) onReport(report);
    else onOther(text.slice(0, 200));
  }, maxLineBytes);
  scanner.open();
  stream.on('data', (chunk: Buffer) => scanner.push(chunk));
  stream.on('end', () => scanner.close());
  // What was left behind is cut off.
  stream.on('error', () => undefined);
}

function reportIn(text: string): ProgramReport | undefined {
  try {
    return reportSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
