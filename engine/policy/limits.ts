import { z } from 'zod';

const count = z.int().min(1).optional();

/** The most that a run of a command may take. What is not named has no limit. */
export const limitsSchema = z.strictObject({
  /** Seconds that a request may ask for, and has where it asks for none. */
  timeoutSeconds: z.number().positive().optional(),
  /** The same, for seconds without a word. */
  idleTimeoutSeconds: z.number().positive().optional(),
  /** CPU time of a process, in seconds. */
  cpuSeconds: count,
  /** Memory that a process may ask for (its address space), in 10^6 bytes. */
  memoryMb: count,
  /** The largest file that it may write, in 10^6 bytes. */
  fileSizeMb: count,
  /** Files that a process may have open. */
  openFiles: count,
  /** Processes and threads that the worker's user may have when it starts one more. */
  processes: count,
  /** Runs at once on this worker. */
  concurrent: count,
});

export type CommandLimits = z.output<typeof limitsSchema>;
