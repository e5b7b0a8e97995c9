import { markVariable } from './environment.js';
import { listProcesses, readProcess, variableOf } from './proc.js';

/** How often a family is looked for again while it is ended: it may fork meanwhile. */
const endRounds = 20;

/** The environment of a process that leads a family, which may be part of a larger one. */
export function markedEnvironment(env: NodeJS.ProcessEnv, mark: string): NodeJS.ProcessEnv {
  const outer = process.env[markVariable];
  return { ...env, [markVariable]: outer === undefined ? mark : `${outer}:${mark}` };
}

/**
 * Families of processes: one that leads, and all that come from it, whatever group or session they have put themselves
 * into, and whoever is their parent by now. Known by parent, group, session and by the mark in the environment. Linux
 * only; elsewhere families are empty.
 */
export class Families {
  /** Members by the mark of their family: process ids, with when they began. */
  private readonly families = new Map<string, Map<number, string>>();
  /** Processes that belong to no family. */
  private strangers = new Set<number>();

  /** @param leader of the family, or undefined before it has begun */
  add(mark: string, leader?: number): void {
    const members = this.families.get(mark) ?? new Map<number, string>();
    this.families.set(mark, members);
    if (leader === undefined) return;
    this.strangers.delete(leader);
    join(members, leader);
  }

  remove(mark: string): void {
    this.families.delete(mark);
  }

  /** Looks at the processes that there are now. */
  look(): void {
    const pids = listProcesses();
    const there = new Set(pids);
    for (const members of this.families.values()) {
      for (const pid of members.keys()) if (!there.has(pid)) members.delete(pid);
    }
    this.strangers = new Set([...this.strangers].filter((pid) => there.has(pid)));
    const known = new Set([...this.families.values()].flatMap((members) => [...members.keys()]));
    for (const pid of pids) if (!known.has(pid) && !this.strangers.has(pid)) this.meet(pid);
  }

  /** Ids of the processes of a family, as far as it is known. */
  membersOf(mark: string): number[] {
    return [...(this.families.get(mark)?.keys() ?? [])];
  }

  /** Kills a family, its leader first, and what it starts meanwhile. */
  end(mark: string): void {
    const members = this.families.get(mark) ?? new Map<number, string>();
    const killed = new Set<number>();
    for (let round = 0; round < endRounds; round++) {
      const living = [...members].filter(([pid]) => !killed.has(pid));
      if (living.length === 0) return;
      for (const [pid, startedAt] of living) {
        kill(pid, startedAt);
        killed.add(pid);
      }
      this.look();
    }
  }

  private meet(pid: number): void {
    const facts = readProcess(pid);
    if (!facts || facts.ended) return;
    const { parent, group, session } = facts;
    const members = this.familyOf([parent, group, session]) ?? this.markedFamily(pid);
    if (members) members.set(pid, facts.startedAt);
    else this.strangers.add(pid);
  }

  private familyOf(relatives: readonly number[]): Map<number, string> | undefined {
    return [...this.families.values()].find((members) => relatives.some((relative) => members.has(relative)));
  }

  private markedFamily(pid: number): Map<number, string> | undefined {
    const marks = variableOf(pid, markVariable)?.split(':') ?? [];
    return marks.map((mark) => this.families.get(mark)).find((members) => members !== undefined);
  }
}

/** Kills a family of which nothing is known but its mark and who led it; takes a while where many processes run. */
export function endFamily(mark: string, leader: number): void {
  const families = new Families();
  families.add(mark, leader);
  families.look();
  families.end(mark);
}

function join(members: Map<number, string>, pid: number): void {
  const facts = readProcess(pid);
  if (facts) members.set(pid, facts.startedAt);
}

/** A process id may be another's by now. */
function kill(pid: number, startedAt: string): void {
  if (readProcess(pid)?.startedAt !== startedAt) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, or another user's.
  }
}
