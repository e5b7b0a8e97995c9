import { codesText, type BatchStatus } from '../../../planner/index.js';
import { describeProgress } from './progress.js';
import { formatCount } from './quantity.js';

/** How a batch stands, in a line: `paused, 2 shards at once: 1,200 of 10,000 inputs (12 %), 1,195 succeeded, 5 failed`. */
export function describeStanding(status: BatchStatus): string {
  const { phase, done, total, succeeded, failed, concurrency } = status;
  const progress = describeProgress({ completed: done, total: total === 0 ? null : total, unit: 'inputs' });
  const counts = `${formatCount(succeeded)} succeeded, ${formatCount(failed)} failed`;
  const codes = codesText(status);
  return `${phase}, ${formatCount(concurrency)} shards at once: ${progress}, ${counts}${codes === '' ? '' : ` (${codes})`}`;
}
