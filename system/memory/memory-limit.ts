import { totalmem } from 'node:os';

/** The memory that this process may use, in bytes: the machine's, or what its container or control group (v1, v2) may. */
export function memoryLimit(): number {
  // Without a limit some systems tell 0, others a number beyond all machines.
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}
