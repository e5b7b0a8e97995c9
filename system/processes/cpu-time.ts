import { listProcesses, readProcess } from './proc.js';

/** Clock ticks in a second, as /proc counts: Linux has never had others there. */
const ticks = 100;

/** CPU time that the processes of a group have used so far, with those children that have ended, in seconds; 0 where there is no /proc. */
export function cpuSecondsOfGroup(group: number): number {
  const members = listProcesses().flatMap((pid) => readProcess(pid) ?? []);
  return members.reduce((sum, process) => (process.group === group ? sum + process.cpuTicks : sum), 0) / ticks;
}
