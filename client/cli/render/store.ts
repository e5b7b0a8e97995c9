import {
  describeProblem,
  type EarlierRun,
  type PartialDownload,
  type StoreListing,
  type StoreRemoval,
  type StoredBundle,
  type VerifiedBundle,
} from '../../../planner/index.js';
import { formatBytes } from './quantity.js';
import { indent, table } from './text.js';

/** What is on this disk: bundles, what interrupted downloads left, earlier runs of jobs. */
export function renderListing({ bundles, partials, runs }: StoreListing): string {
  const lists = [bundles.length === 0 ? 'no bundles' : renderBundles(bundles)];
  if (partials.length > 0) lists.push(renderPartials(partials));
  if (runs.length > 0) lists.push(renderRuns(runs));
  return lists.join('\n\n');
}

/** Each bundle with its verdict, and what is wrong with it. */
export function renderVerification(checks: readonly VerifiedBundle[]): string {
  if (checks.length === 0) return 'no bundles';
  return checks
    .map(({ problems, ...bundle }) => {
      const verdict = bundle.valid
        ? 'valid'
        : `not valid: ${problems.length} problem${problems.length === 1 ? '' : 's'}`;
      const line = `${nameOf(bundle)}  ${verdict}  (${bundle.files} files, ${formatBytes(bundle.bytes)})`;
      return [line, ...problems.map((problem) => indent(describeProblem(problem)))].join('\n');
    })
    .join('\n');
}

/** What is gone. */
export function renderRemoval({ bundles, partials, runs, bytes }: StoreRemoval, verb = 'removed'): string {
  const removed = [
    ...bundles.map(nameOf),
    ...partials.map(({ repo }) => `a partial download of ${repo}`),
    ...runs.map(({ path }) => path),
  ];
  if (removed.length === 0) return 'nothing to remove';
  return [...removed.map((what) => `${verb} ${what}`), `${formatBytes(bytes)} in all`].join('\n');
}

function renderBundles(bundles: readonly StoredBundle[]): string {
  const rows = bundles.map((bundle) => [
    bundle.name,
    bundle.revision,
    bundle.commit?.slice(0, 12) ?? '-',
    String(bundle.files),
    formatBytes(bundle.bytes),
    bundle.usedAt.slice(0, 19).replace('T', ' '),
    bundle.users.join(', ') || '-',
    bundle.current ? bundle.path : `(earlier) ${bundle.path}`,
  ]);
  return table([['BUNDLE', 'REVISION', 'COMMIT', 'FILES', 'SIZE', 'USED (UTC)', 'IN USE BY', 'PATH'], ...rows]);
}

function renderPartials(partials: readonly PartialDownload[]): string {
  const rows = partials.map(({ repo, bytes, changedAt }) => [
    repo,
    formatBytes(bytes),
    changedAt.slice(0, 19).replace('T', ' '),
  ]);
  return table([['PARTIAL DOWNLOAD', 'SIZE', 'CHANGED (UTC)'], ...rows]);
}

function renderRuns(runs: readonly EarlierRun[]): string {
  const rows = runs.map(({ job, bytes, changedAt, path }) => [
    job,
    formatBytes(bytes),
    changedAt.slice(0, 19).replace('T', ' '),
    path,
  ]);
  return table([['EARLIER RUN OF', 'SIZE', 'CHANGED (UTC)', 'PATH'], ...rows]);
}

function nameOf({ name, revision }: StoredBundle): string {
  return `${name}@${revision}`;
}
