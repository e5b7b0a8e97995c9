import { ModelJobError } from '../../../planner/index.js';
import { openFile } from '../../storage/index.js';
import { createRunningHash } from '../shards/running-hash.js';
import type { Mark, RowSource, ShardPart } from '../shards/shard-index.js';

/** Bytes of a part; with a mark they end there, and all that came before it is as it was. */
export interface CheckedBytes {
  bytes: Buffer;
  mark?: Mark;
}

/**
 * The bytes of a part, held against its marks as they come. Those of a plan of old, which has none, come as they are.
 *
 * @throws ModelJobError `IntegrityError` that names the file and the lines which are not what they were
 */
export async function* checkedBytes(
  source: RowSource,
  part: ShardPart,
  signal: AbortSignal,
): AsyncGenerator<CheckedBytes> {
  const { folder, name } = openFile(source.location);
  const { start, end } = part;
  const [first, ...marks] = part.marks ?? [];
  const hash = createRunningHash();
  hash.open(start, first?.[1]);
  let before = first;
  for await (const piece of untilMarks(folder.read(name, { start, end, signal }), start, marks)) {
    hash.push(piece.bytes);
    const { mark } = piece;
    if (before && mark) {
      if (hash.upTo(mark[0]) !== mark[1]) throw otherLines(source, before, mark);
      before = mark;
    }
    yield piece;
  }
  const last = marks.at(-1);
  if (before && last && before !== last) throw otherLines(source, before, last);
}

async function* untilMarks(
  pieces: AsyncIterable<Buffer>,
  start: number,
  marks: readonly Mark[],
): AsyncGenerator<CheckedBytes> {
  let at = start;
  let next = 0;
  for await (const piece of pieces) {
    const until = at + piece.length;
    let from = 0;
    for (let mark = marks[next]; mark && mark[0] <= until; mark = marks[++next]) {
      yield { bytes: piece.subarray(from, mark[0] - at), mark };
      from = mark[0] - at;
    }
    if (from < piece.length) yield { bytes: piece.subarray(from) };
    at = until;
  }
}

/** Lines of a copy are rows of the file that was copied. */
function otherLines({ location, copyOf }: RowSource, [, , first]: Mark, [, , next]: Mark): ModelJobError {
  const lines = copyOf?.form === 'rows' ? 'rows' : 'lines';
  return changed(location, `${lines} ${first} to ${next - 1} are not what they were`);
}

/** The error of a file that is not the one that was planned. */
export function changed(location: string, how: string): ModelJobError {
  return new ModelJobError('IntegrityError', `\`${location}\` changed since the batch was planned: ${how}`);
}
