import { jobArtifactOf, type ModelAccessJobResult } from '../../../planner/index.js';
import { formatBytes, formatCount, formatDuration } from './quantity.js';
import { renderArtifacts } from './status.js';
import { clip, indent, oneLine, table } from './text.js';

type Json = NonNullable<ModelAccessJobResult['output']>[string];

/** How many entries of a list a text shows, and how many characters of each. */
const maxEntries = 10;
const maxWidth = 160;

/** A result for people, below the line with the job's id and status. */
export function renderResult(result: ModelAccessJobResult, url?: string): string {
  const fields = Object.entries(result.output ?? {}).filter(([, value]) => value !== null && !isEmpty(value));
  const rows = fields.filter(([, value]) => !isList(value)).map(([name, value]) => [name, renderValue(name, value)]);
  if (url) rows.push(['web', url]);
  const lists = fields.flatMap(([name, value]) => (isList(value) ? [name, ...renderList(value)] : []));
  const diagnostics = result.diagnostics.map(({ severity, message }) => `${severity}: ${message}`);
  const lines = [...(rows.length > 0 ? [table(rows)] : []), ...lists, ...diagnostics];
  return indent([...lines, ...renderArtifacts(result.artifacts.map(jobArtifactOf))].join('\n'));
}

function renderValue(name: string, value: Json): string {
  if (typeof value === 'number') {
    if (/^bytes|Bytes$|^sizeBytes/.test(name)) return formatBytes(value);
    return name.endsWith('Ms') ? formatDuration(value) : formatCount(value);
  }
  return clip(typeof value === 'string' ? oneLine(value) : JSON.stringify(value), maxWidth);
}

function renderList(list: readonly Json[]): string[] {
  const lines = list.slice(0, maxEntries).map((entry) => `  ${clip(JSON.stringify(entry), maxWidth)}`);
  const more = list.length - maxEntries;
  return more > 0 ? [...lines, `  … and ${formatCount(more)} more (--json prints all)`] : lines;
}

function isList(value: Json): value is Json[] {
  return Array.isArray(value);
}

function isEmpty(value: Json): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}
