import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModelJobError } from '../../../../planner/index.js';
import { modelError } from '../each-input.js';
import { loadLibrary, type Network, type Tensors } from '../library.js';
import type { TokenRow } from './row-template.js';
import type { TextTokenizer } from './text-tokenizer.js';

/**
 * Tokens in one call of a network, padding included. Seen with MiniLM on one core: rows in calls of 500 tokens take
 * 3 % less time than in calls of 1000 and 10 % less than of 2000; 32 rows of 512 tokens take 2 GB of memory where one
 * takes 0.3 GB.
 */
const maxTokens = 512;

/** Where a row's tokens are among those of its call, the others being padding. `to` is not included. */
export interface Span {
  from: number;
  to: number;
}

/** What a network gave for some rows. */
export interface Ran {
  outputs: Tensors;
  /** Columns of the call, padding included. */
  width: number;
  spans: readonly Span[];
}

/**
 * Runs rows in calls that a core's cache can hold, of rows with about as many tokens: nothing is padded beyond the
 * longest of its call. Rows that fail together are run each alone, and the one that fails is that row's error.
 *
 * @param read what the network gave for some rows, row by row
 * @returns what was read, in the rows' order
 */
export async function runRows<T>(
  network: Network,
  { padding, tellsTypes }: TextTokenizer,
  rows: readonly TokenRow[],
  signal: AbortSignal,
  read: (ran: Ran) => readonly T[],
): Promise<(T | ModelJobError)[]> {
  const results: (T | ModelJobError)[] = [];
  const queue = callsOf(rows);
  for (let call = queue.shift(); call; call = queue.shift()) {
    // A call blocks this process: only between two of them it can hear that its job was cancelled.
    await nextTurn();
    signal.throwIfAborted();
    const places = call;
    const own = places.map((place) => rows[place] ?? { ids: [], types: [] });
    const { inputs, width, spans } = await inputsOf(own, padding, tellsTypes);
    const outputs = await network(inputs).catch((error: unknown) => modelError(error));
    if (!(outputs instanceof ModelJobError)) {
      const found = read({ outputs, width, spans });
      places.forEach((place, at) => (results[place] = found[at] as T));
    } else if (places.length === 1) {
      results[places[0] ?? 0] = outputs;
    } else {
      queue.unshift(...places.map((place) => [place]));
    }
  }
  return results;
}

/** Places of the rows of each call, the longest first. */
function callsOf(rows: readonly TokenRow[]): number[][] {
  const lengthOf = (place: number): number => rows[place]?.ids.length ?? 0;
  const sorted = rows.map((_, place) => place).sort((left, right) => lengthOf(right) - lengthOf(left));
  const calls: number[][] = [];
  for (let start = 0; start < sorted.length;) {
    const count = Math.max(Math.floor(maxTokens / Math.max(lengthOf(sorted[start] ?? 0), 1)), 1);
    calls.push(sorted.slice(start, (start += count)));
  }
  return calls;
}

/** Rows as the inputs of a network, padded to the longest of them. */
export async function inputsOf(
  rows: readonly TokenRow[],
  { id: padId, side }: TextTokenizer['padding'],
  tellsTypes: boolean,
  atLeast = 1,
): Promise<{ inputs: Tensors; width: number; spans: Span[] }> {
  const { Tensor } = await loadLibrary();
  const width = Math.max(...rows.map(({ ids }) => ids.length), atLeast);
  const spans = rows.map(({ ids: { length } }) =>
    side === 'left' ? { from: width - length, to: width } : { from: 0, to: length },
  );
  const size = rows.length * width;
  const ids = new BigInt64Array(size).fill(BigInt(padId));
  const mask = new BigInt64Array(size);
  const types = new BigInt64Array(size);
  rows.forEach((row, at) => {
    let place = at * width + (spans[at]?.from ?? 0);
    mask.fill(1n, place, place + row.ids.length);
    row.ids.forEach((id, token) => {
      ids[place] = BigInt(id);
      types[place++] = BigInt(row.types[token] ?? 0);
    });
  });
  const tensor = (data: BigInt64Array) => new Tensor('int64', data, [rows.length, width]) as Tensors[string];
  const inputs = {
    input_ids: tensor(ids),
    attention_mask: tensor(mask),
    ...(tellsTypes && { token_type_ids: tensor(types) }),
  };
  return { inputs, width, spans };
}
