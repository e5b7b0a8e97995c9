import type { ModelFiles } from '../../../planner/index.js';
import { formatBytes } from './quantity.js';
import { indent, table } from './text.js';

/** How many files a text lists. */
const maxFiles = 50;

/** The files that a request chooses, for people. */
export function renderModelFiles({ commit, files, bytes }: ModelFiles): string {
  const count = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  const rows = files
    .slice(0, maxFiles)
    .map(({ path, size, unverified }) => [path, formatBytes(size), ...(unverified ? ['unverified'] : [])]);
  const more = files.length - maxFiles;
  return [
    `  ${count}, ${formatBytes(bytes)}${commit === null ? '' : `, commit ${commit}`}`,
    indent(indent(table(rows))),
    ...(more > 0 ? [`    … and ${more} more (--json prints all)`] : []),
  ].join('\n');
}
