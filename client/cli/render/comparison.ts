import type { Comparison } from '../../../planner/index.js';
import { indent } from './text.js';

/** Whether outputs came out as before, and what may be why they did not. */
export function renderComparison({ outputs, differences }: Comparison): string {
  const lines = outputs.map(({ id, same, before, now }) =>
    same ? `${id}: the same, byte for byte` : `${id}: differs (${short(before)} before, ${short(now)} now)`,
  );
  const reasons = differences.map(({ what, before, now }) => `${what}: ${before} before, ${now} now`);
  return indent([...lines, ...reasons].join('\n'));
}

function short(sha256: string | null): string {
  return sha256 === null ? 'none' : `sha256:${sha256.slice(0, 12)}`;
}
