import type { RowError } from '../../../planner/index.js';
import { linesIn } from '../../../system/files/lines.js';
import type { StorageFolder } from '../../storage/index.js';
import { isErrorLine, isSoundError, readErrorLine } from './row-line.js';

/** How many failed rows a job's error tells of, and how many shards are searched for them. */
const maxErrors = 3;
const searchedShards = 20;

/** Where failed rows are looked for. */
export interface Searched {
  folder: StorageFolder;
  /** Names of finished shards, in the order of the data set. */
  finished: readonly string[];
  /** Where this worker keeps what it has of stopped ones, where there may be any. */
  stopped?: StorageFolder;
}

/**
 * Some of a batch's failed rows: of shards that were stopped, and of the last that were finished: what ended the batch is among them. Where few rows may
 * fail, none is finished when they have.
 */
export async function someErrors({ folder, finished, stopped }: Searched, signal: AbortSignal): Promise<RowError[]> {
  const parts = stopped ? (await partNames(stopped, signal)).map((name) => ({ folder: stopped, name })) : [];
  const last = finished.toReversed().map((name) => ({ folder, name }));
  const searched = [...parts, ...last].slice(0, searchedShards);
  const errors = new Map<number, RowError>();
  for (const file of searched) {
    if (errors.size >= maxErrors) break;
    for await (const lines of linesIn(file.folder.read(file.name, { signal }))) {
      for (const error of lines.filter(isErrorLine).flatMap(errorOf)) errors.set(error.index, error);
      if (errors.size >= maxErrors) break;
    }
  }
  return [...errors.values()].slice(0, maxErrors).sort((left, right) => left.index - right.index);
}

async function partNames(folder: StorageFolder, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of folder.list('shards/', signal)) if (name.endsWith('.part')) names.push(name);
  return names.sort();
}

/** A process that died may have left half a line in a part. */
function errorOf(line: string): RowError[] {
  if (!isSoundError(line)) return [];
  const { index, custom_id: customId = null, error, source } = readErrorLine(line, 'shard');
  return [{ index, customId, ...(source === undefined ? {} : { source }), ...error }];
}
