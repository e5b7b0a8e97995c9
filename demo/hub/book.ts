import type { HubRequest, HubStats } from './options.js';

/** Numbers the requests and counts what was asked and sent. */
export interface Book {
  /** The live counters. */
  stats: HubStats;
  /** Enters a request and gives it its numbers. */
  enter: (request: Omit<HubRequest, 'index' | 'attempt'>) => HubRequest;
  countBytes: (name: string, bytes: number) => void;
  countConnection: () => void;
  reset: () => void;
}

/** An empty book. */
export function createBook(): Book {
  const stats: HubStats = { requests: {}, bytes: {}, connections: 0 };
  const attempts = new Map<string, number>();
  let index = 0;
  return {
    stats,
    enter: (request) => {
      const { method, kind, repo, revision, path } = request;
      const key = JSON.stringify([method, kind, repo, revision, path]);
      const attempt = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, attempt);
      add(stats.requests, `${method} ${kind}`, 1);
      return { ...request, index: index++, attempt };
    },
    countBytes: (name, bytes) => add(stats.bytes, name, bytes),
    countConnection: () => {
      stats.connections += 1;
    },
    reset: () => {
      Object.assign(stats, { requests: {}, bytes: {}, connections: 0 });
      attempts.clear();
    },
  };
}

function add(counters: Record<string, number>, name: string, amount: number): void {
  counters[name] = (counters[name] ?? 0) + amount;
}
