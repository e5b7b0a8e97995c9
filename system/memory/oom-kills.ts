import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where control groups are, and in which one this process is. */
const groupsFolder = '/sys/fs/cgroup';
const ownGroups = '/proc/self/cgroup';

/** How often kills are looked for, and how long one may explain the end of a process: what ended earlier was another. */
const lookMs = 1000;
const freshMs = 3000;

/** Kills of the system's in a control group, which tells their number alone. */
export class OomKills {
  #counted: number | undefined;
  /** When those were seen that explain no end yet. */
  #fresh: number[] = [];

  /** @param count how many there have been; undefined where the system does not tell @param now in milliseconds */
  constructor(
    private readonly count: () => number | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#counted = count();
  }

  /** Takes note of new kills; those that nothing was heard of are forgotten. */
  look(): void {
    const count = this.count();
    if (count === undefined || this.#counted === undefined) return;
    const [now, added] = [this.now(), Math.max(count - this.#counted, 0)];
    this.#counted = count;
    this.#fresh = [...this.#fresh.filter((at) => now - at <= freshMs), ...Array.from({ length: added }, () => now)];
  }

  /** Whether one of them explains that a process has ended just now; it explains no other end. */
  explainsEnd(): boolean {
    this.look();
    return this.#fresh.shift() !== undefined;
  }
}

let kills: OomKills | undefined;

/** From now on kills count. */
export function countOomKills(): void {
  if (kills) return;
  const own = new OomKills(oomKills);
  setInterval(() => own.look(), lookMs).unref();
  kills = own;
}

/**
 * Whether a process that SIGKILL has ended was ended by the system for lack of memory: in this process's control group
 * there was a kill just now that explains no other end. False where the system does not tell.
 */
export function wasOomKill(): boolean {
  return kills?.explainsEnd() ?? false;
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
