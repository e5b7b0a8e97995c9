import type { SignedFolder, VerifiedFolder } from '../../../planner/index.js';
import { formatCount } from './quantity.js';
import { indent } from './text.js';

/** How many problems a text lists. */
const maxProblems = 20;

/** What was signed, and by which key. */
export function renderSigned({ signature, key, files }: SignedFolder): string {
  return `signed ${formatCount(files)} files by key ${key.slice(0, 12)}: ${signature}`;
}

/** Whether files are as they were signed, by whom, and what is wrong. */
export function renderVerified({ valid, signature, key, files, ignoredPaths, problems }: VerifiedFolder): string {
  const signer = key === null ? '' : ` by key ${key}`;
  const lines = valid
    ? [`verified ${formatCount(files)} files, signed${signer}`]
    : [`not as signed${signer}: ${signature}`, ...problems.slice(0, maxProblems).map((problem) => indent(problem))];
  const more = problems.length - maxProblems;
  if (more > 0) lines.push(`  … and ${formatCount(more)} more (--json prints all)`);
  if (ignoredPaths.length > 0) lines.push(indent(`not signed: ${ignoredPaths.join(', ')}`));
  return lines.join('\n');
}
