import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where control groups are, and in which one this process is. */
const groupsFolder = '/sys/fs/cgroup';
const ownGroups = '/proc/self/cgroup';

/** Kills of the system's that were told as the end of a process. */
let told: number | undefined;

/** From now on kills count. */
export function countOomKills(): void {
  told ??= oomKills();
}

/**
 * Whether a process that SIGKILL has ended was ended by the system for lack of memory: in this process's control group
 * there was a kill that explains no other end. False where the system does not tell.
 */
export function wasOomKill(): boolean {
  if (told === undefined || (oomKills() ?? 0) <= told) return false;
  told += 1;
  return true;
}

/**
 * How many processes of a control group the system has killed for lack of memory: `memory.events` of cgroup v2,
 * `memory.oom_control` of v1.
 *
 * @param groups the text of `/proc/self/cgroup`; undefined where there is none
 */
export function oomKills(groups = textOf(ownGroups), folder = groupsFolder): number | undefined {
  const files = [...(groups ?? '').matchAll(/^\d+:([^:]*):(.*)$/gm)].flatMap(([, controllers = '', path = '']) => {
    // In a container the group's own folder may be mounted as if it were the root.
    const places = [path, '/'];
    if (controllers === '') return places.map((place) => join(folder, place, 'memory.events'));
    if (!controllers.split(',').includes('memory')) return [];
    return places.map((place) => join(folder, 'memory', place, 'memory.oom_control'));
  });
  const counts = files.flatMap((file) => /^oom_kill (\d+)$/m.exec(textOf(file) ?? '')?.slice(1, 2) ?? []);
  return counts[0] === undefined ? undefined : Number(counts[0]);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
