import { createReadStream } from 'node:fs';
import type { Shard, ShardIndex } from './input/shard-index.js';

/** A line of a file: where it begins and ends (without its line break), in bytes. */
interface Line {
  start: number;
  end: number;
}

const newline = 0x0a;

/** The smallest and largest shard that is chosen where the request names no size, in rows. */
const leastRows = 100;
const mostRows = 10_000;

/** How many shards a data set should have at least, where its rows allow it. */
const wantedShards = 16;

/** Cells of rows that are put together to shards once the number of rows is known. */
const cellRows = 100;

/**
 * Cuts files into shards, reading them once and keeping none of their lines. Without a size, shards are as large as
 * leaves 16 of them, from 100 to 10,000 rows.
 *
 * @param onBytes called with how many bytes were read
 */
export async function cutShards(
  sources: readonly string[],
  shardSize: number | null | undefined,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<ShardIndex> {
  const cells = await countCells(sources, shardSize ?? cellRows, signal, onBytes);
  if (shardSize != null) return { sources: [...sources], shards: cells };
  const rows = cells.reduce((sum, cell) => sum + cell.rows, 0);
  const size = Math.min(Math.max(Math.ceil(rows / wantedShards), leastRows), mostRows);
  return { sources: [...sources], shards: join(cells, Math.ceil(size / cellRows)) };
}

async function countCells(
  sources: readonly string[],
  size: number,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<Shard[]> {
  const cells: Shard[] = [];
  let cell: Shard = { firstRow: 0, rows: 0, parts: [] };
  for (const [source, path] of sources.entries()) {
    for await (const { start, end } of rowsOf(path, signal, onBytes)) {
      const part = cell.parts.at(-1);
      if (part?.source === source) part.end = end;
      else cell.parts.push({ source, start, end });
      cell.rows += 1;
      if (cell.rows < size) continue;
      cells.push(cell);
      cell = { firstRow: cell.firstRow + cell.rows, rows: 0, parts: [] };
    }
  }
  return cell.rows > 0 ? [...cells, cell] : cells;
}

/** The lines of a file that hold anything. */
async function* rowsOf(path: string, signal: AbortSignal, onBytes: (count: number) => void): AsyncGenerator<Line> {
  let at = 0;
  let start = 0;
  let blank = true;
  for await (const data of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    const chunk = data as Buffer;
    for (let from = 0; from < chunk.length;) {
      const found = chunk.indexOf(newline, from);
      const until = found === -1 ? chunk.length : found;
      blank &&= isBlank(chunk, from, until);
      if (found === -1) break;
      if (!blank) yield { start, end: at + found };
      start = at + found + 1;
      blank = true;
      from = found + 1;
    }
    at += chunk.length;
    onBytes(chunk.length);
  }
  if (!blank) yield { start, end: at };
}

function isBlank(chunk: Buffer, from: number, until: number): boolean {
  for (let index = from; index < until; index++) {
    const byte = chunk[index];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}

function join(cells: readonly Shard[], count: number): Shard[] {
  return Array.from({ length: Math.ceil(cells.length / count) }, (_, index) => {
    const group = cells.slice(index * count, (index + 1) * count);
    return {
      firstRow: group[0]?.firstRow ?? 0,
      rows: group.reduce((sum, cell) => sum + cell.rows, 0),
      parts: mergeParts(group.flatMap(({ parts }) => parts)),
    };
  });
}

function mergeParts(parts: readonly Shard['parts'][number][]): Shard['parts'] {
  const merged: Shard['parts'] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last?.source === part.source) last.end = part.end;
    else merged.push({ ...part });
  }
  return merged;
}
