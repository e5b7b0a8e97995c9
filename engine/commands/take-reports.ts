import { writeFileAtomic } from '../../system/files/atomic-write.js';
import type { JobProgress } from '../../planner/index.js';
import type { ProgramReport } from './reports.js';

/** Longest message of a program's progress, in characters. */
const maxMessage = 200;

/** The most files that a program may report. */
const maxReported = 10_000;

/** Where a program's reports go. */
export interface ReportTakers {
  report: (progress: JobProgress) => void;
  log: (line: string) => void;
  /** Keeps secrets out of them. */
  redact: (text: string) => string;
  /** The checkpoint's file. */
  checkpoint: string;
}

/** What a program has told of itself. */
export interface TakenReports {
  take(report: ProgramReport): void;
  /** Tells a message beside the progress so far. */
  say(message: string): void;
  /** Files that it made, by paths in the job's folder. */
  files(): string[];
  /** Resolves when the last checkpoint is on the disk. */
  done(): Promise<void>;
}

/** Takes a program's reports: a line of output is the message of the last progress. */
export function takeReports({ report, log, redact, checkpoint }: ReportTakers): TakenReports {
  let progress: JobProgress = { completed: 0, total: 1, unit: 'steps' };
  let saved = Promise.resolve();
  let last = '';
  const files = new Set<string>();
  const say = (message: string): void => report({ ...progress, message: redact(message).slice(0, maxMessage) });
  return {
    take(told) {
      if ('progress' in told) {
        const { message, ...counts } = told.progress;
        progress = counts;
        last = message ?? last;
        say(last);
      } else if ('artifact' in told) {
        if (files.size < maxReported) files.add(told.artifact.path);
      } else if ('log' in told) {
        log(redact(typeof told.log === 'string' ? told.log : JSON.stringify(told.log)));
      } else {
        const text = `${JSON.stringify(told.checkpoint)}\n`;
        saved = saved.then(() => writeFileAtomic(checkpoint, text));
        saved.catch(() => undefined);
      }
    },
    say(message) {
      last = message;
      say(message);
    },
    files: () => [...files],
    done: () => saved,
  };
}
