import { ModelJobError } from '../../../planner/index.js';
import { openFile } from '../../storage/index.js';
import { customIdOf } from './custom-id.js';
import type { RowSource } from '../shards/shard-index.js';
import type { IdRecords, RowPlace } from './id-records.js';
import { nameOfRow, rowIn } from './source-row.js';

/** How many duplicates an error lists. */
const mostListed = 10;

interface Duplicate {
  customId: string;
  /** The places of both rows, as the caller knows them: `in.jsonl:7`. */
  names: [string, string];
}

export interface DuplicateSearch {
  ids: IdRecords;
  /** The sources that the places of rows mean. */
  sources: readonly RowSource[];
  signal: AbortSignal;
}

/**
 * Refuses a data set in which two rows have one `custom_id`.
 *
 * @throws ModelJobError `InvalidArgument` that names both lines
 */
export async function refuseDuplicates(search: DuplicateSearch): Promise<void> {
  const found = await findDuplicates(search);
  const [first, ...others] = found.map(({ customId, names: [one, other] }) => ({
    path: other,
    message: `custom_id ${JSON.stringify(customId)} stands in ${one} and in ${other}`,
  }));
  if (!first) return;
  const more =
    others.length === 0 ? '' : ` (and ${others.length >= mostListed - 1 ? 'at least ' : ''}${others.length} more)`;
  throw new ModelJobError('InvalidArgument', `duplicate ${first.message}${more}`, { problems: [first, ...others] });
}

/** The earliest in the data set. */
async function findDuplicates({ ids, sources, signal }: DuplicateSearch): Promise<Duplicate[]> {
  const candidates: RowPlace[][] = [];
  for await (const group of ids.groups()) {
    signal.throwIfAborted();
    candidates.push(group);
    if (candidates.length > 100 * mostListed) keepEarliest(candidates);
  }
  keepEarliest(candidates);
  const found: Duplicate[] = [];
  for (const group of candidates) {
    if (found.length >= mostListed) break;
    found.push(...(await duplicatesIn(group, sources, signal)));
  }
  return found.slice(0, mostListed);
}

function keepEarliest(candidates: RowPlace[][]): void {
  candidates.sort(([, one], [, other]) => (one && other ? one.origin - other.origin || one.line - other.line : 0));
  candidates.splice(50 * mostListed);
}

/** Two ids with one hash are told apart by reading their rows; a row that is no JSON has no id. */
async function duplicatesIn(
  group: readonly RowPlace[],
  sources: readonly RowSource[],
  signal: AbortSignal,
): Promise<Duplicate[]> {
  const firsts = new Map<string, string>();
  const found: Duplicate[] = [];
  for (const place of group) {
    const { id, name } = await rowAt(place, sources, signal);
    if (id === undefined) continue;
    const first = firsts.get(id);
    if (first === undefined) firsts.set(id, name);
    else found.push({ customId: id, names: [first, name] });
    if (found.length === mostListed) break;
  }
  return found;
}

async function rowAt(
  place: RowPlace,
  sources: readonly RowSource[],
  signal: AbortSignal,
): Promise<{ id: string | undefined; name: string }> {
  const source = sources[place.source] ?? { location: '' };
  const line = await lineAt(source.location, place.start, signal);
  const row = rowIn(line, place.line, source);
  const { text } = row;
  return { id: typeof text === 'string' ? customIdOf(text) : text.customId, name: nameOfRow(row) };
}

async function lineAt(location: string, start: number, signal: AbortSignal): Promise<Buffer> {
  const { folder, name } = openFile(location);
  const pieces: Buffer[] = [];
  for await (const piece of folder.read(name, { start, signal })) {
    const end = piece.indexOf(0x0a);
    pieces.push(end === -1 ? piece : piece.subarray(0, end));
    if (end !== -1) break;
  }
  return Buffer.concat(pieces);
}
