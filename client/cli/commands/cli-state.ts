import type { CliIo } from '../io.js';

/** One run of the command line. */
export interface Cli {
  readonly io: CliIo;
  /** Whether the command's output is for programs. */
  json: boolean;
  /** What the process ends with when no error decides it. */
  exitCode: number;
}
