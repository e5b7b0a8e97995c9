import { timeLeft, type JobProgress } from '../../../planner/index.js';
import { formatAmount, formatBytes, formatCount, formatTimeLeft, percent } from './quantity.js';

const barWidth = 24;

/** A progress in words: `12.3 MB of 40.0 MB (30 %), 5.2 MB/s, 6 s left`. */
export function describeProgress(progress: JobProgress, rate?: number): string {
  return [amounts(progress), ...speed(progress, rate)].join(', ');
}

/** A progress as a bar for a terminal: `[======>-----] 30 %  12.3 MB of 40.0 MB  5.2 MB/s  6 s left`. */
export function progressBar(progress: JobProgress, rate?: number): string {
  const { completed, total, unit } = progress;
  if (total == null) return [formatAmount(completed, unit), ...speed(progress, rate)].join('  ');
  const share = `${String(percent(completed, total)).padStart(3)} %`;
  return [`${bar(completed / total)} ${share}`, ofTotal(completed, total, unit), ...speed(progress, rate)].join('  ');
}

function amounts({ completed, total, unit }: JobProgress): string {
  if (total == null) return formatAmount(completed, unit);
  return `${ofTotal(completed, total, unit)} (${percent(completed, total)} %)`;
}

function ofTotal(completed: number, total: number, unit: string): string {
  const done = unit === 'bytes' ? formatBytes(completed) : formatCount(completed);
  return `${done} of ${formatAmount(total, unit)}`;
}

function speed(progress: JobProgress, rate: number | undefined): string[] {
  if (rate === undefined) return [];
  const left = timeLeft(progress, rate);
  const perSecond = `${formatAmount(rate, progress.unit)}/s`;
  return left === undefined ? [perSecond] : [perSecond, `${formatTimeLeft(left)} left`];
}

function bar(share: number): string {
  const done = Math.min(Math.floor(share * barWidth), barWidth);
  const head = done < barWidth ? '>' : '';
  return `[${'='.repeat(done)}${head}${'-'.repeat(Math.max(barWidth - done - 1, 0))}]`;
}
