import { ModelJobError } from '../../../planner/index.js';
import { openFile } from '../../storage/index.js';
import { customIdOf } from './custom-id.js';
import type { IdRecords, RowPlace } from './id-records.js';

/** How many duplicates an error lists. */
const mostListed = 10;

interface Duplicate {
  customId: string;
  first: RowPlace;
  second: RowPlace;
}

export interface DuplicateSearch {
  ids: IdRecords;
  /** The sources that the places of rows mean. */
  sources: readonly string[];
  /** A row's place as the caller knows it, such as `in.jsonl:7`. */
  nameOf: (place: RowPlace) => string;
  signal: AbortSignal;
}

/**
 * Refuses a data set in which two rows have one `custom_id`.
 *
 * @throws ModelJobError `InvalidArgument` that names both lines
 */
export async function refuseDuplicates(search: DuplicateSearch): Promise<void> {
  const found = await findDuplicates(search);
  const [first, ...others] = found.map(({ customId, ...rows }) => {
    const lines = [search.nameOf(rows.first), search.nameOf(rows.second)] as const;
    return {
      path: lines[1],
      message: `custom_id ${JSON.stringify(customId)} stands in ${lines[0]} and in ${lines[1]}`,
    };
  });
  if (!first) return;
  const more =
    others.length === 0 ? '' : ` (and ${others.length >= mostListed - 1 ? 'at least ' : ''}${others.length} more)`;
  throw new ModelJobError('InvalidArgument', `duplicate ${first.message}${more}`, { problems: [first, ...others] });
}

/** The earliest in the data set; two ids with one hash are told apart by reading their rows. */
async function findDuplicates({ ids, sources, signal }: DuplicateSearch): Promise<Duplicate[]> {
  const candidates: { first: RowPlace; second: RowPlace }[] = [];
  for await (const [first, second] of ids.pairs()) {
    signal.throwIfAborted();
    candidates.push({ first, second });
    if (candidates.length > 100 * mostListed) keepEarliest(candidates);
  }
  keepEarliest(candidates);
  const found: Duplicate[] = [];
  for (const { first, second } of candidates) {
    if (found.length === mostListed) break;
    const [one, other] = await Promise.all([idAt(first, sources, signal), idAt(second, sources, signal)]);
    if (one !== undefined && one === other) found.push({ customId: one, first, second });
  }
  return found;
}

function keepEarliest(candidates: { second: RowPlace }[]): void {
  candidates.sort(({ second: one }, { second: other }) => one.origin - other.origin || one.line - other.line);
  candidates.splice(50 * mostListed);
}

async function idAt(
  { source, start }: RowPlace,
  sources: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const { folder, name } = openFile(sources[source] ?? '');
  const pieces: Buffer[] = [];
  for await (const piece of folder.read(name, { start, signal })) {
    const end = piece.indexOf(0x0a);
    pieces.push(end === -1 ? piece : piece.subarray(0, end));
    if (end !== -1) break;
  }
  return customIdOf(Buffer.concat(pieces).toString());
}
