import { readdirSync, readFileSync } from 'node:fs';

/** What Linux tells of a process in /proc. */
export interface ProcessFacts {
  /** Whether it has ended, and waits for its parent to ask how. */
  ended: boolean;
  parent: number;
  group: number;
  session: number;
  /** CPU time that it and its children that have ended have used, in clock ticks. */
  cpuTicks: number;
  /** In clock ticks since the boot: with it a process id means one process, for ever. */
  startedAt: string;
}

/** The ids of all processes that this one may see; none where there is no /proc. */
export function listProcesses(): number[] {
  try {
    return readdirSync('/proc').filter(isNumber).map(Number);
  } catch {
    return [];
  }
}

/** The facts of a process; undefined for one that is gone. */
export function readProcess(pid: number): ProcessFacts | undefined {
  const text = read(pid, 'stat');
  // The name before it may hold anything, brackets too.
  const [state, parent, group, session, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const startedAt = rest[15];
  if (startedAt === undefined) return undefined;
  const ended = state === 'Z' || state === 'X';
  const cpuTicks = rest.slice(7, 11).reduce((sum, part) => sum + Number(part), 0);
  return { ended, parent: Number(parent), group: Number(group), session: Number(session), cpuTicks, startedAt };
}

/** Memory that a process takes, in bytes: what is resident, and what was swapped out. */
export function residentBytes(pid: number): number {
  return kilobytesOf(read(pid, 'status'), /^(?:VmRSS|VmSwap):\s+(\d+) kB/gm);
}

/** The same, where each page that several processes share is divided among them; dear for large processes. */
export function proportionalBytes(pid: number): number {
  const text = read(pid, 'smaps_rollup');
  return text === '' ? residentBytes(pid) : kilobytesOf(text, /^(?:Pss|SwapPss):\s+(\d+) kB/gm);
}

/** The value of a variable in the environment that a process was started with, where we may know. */
export function variableOf(pid: number, name: string): string | undefined {
  const entry = read(pid, 'environ')
    .split('\0')
    .find((one) => one.startsWith(`${name}=`));
  return entry?.slice(name.length + 1);
}

function kilobytesOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0);
}

/** A process that is gone, or another user's, has nothing to read. */
function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}
