import { randomUUID } from 'node:crypto';
import { readProcess } from './proc.js';
import { processSpace } from './process-space.js';

/** What a mark tells: the space of its owner's process id, that id, when the owner began, and a name of its own. */
const form = /^(.*)\/(\d+)\/(\d+)\/[0-9a-f-]+$/;

/** A mark for a family that this process begins. It holds no colon. */
export function newMark(): string {
  return [processSpace, process.pid, readProcess(process.pid)?.startedAt ?? 0, randomUUID()].join('/');
}

/** Whether the process that gave a mark is gone; of one in another space of process ids nobody can know. */
export function isOrphaned(mark: string): boolean {
  const [, space, pid, startedAt] = form.exec(mark) ?? [];
  if (space !== processSpace || pid === undefined) return false;
  const owner = readProcess(Number(pid));
  return owner === undefined || owner.ended || owner.startedAt !== startedAt;
}
