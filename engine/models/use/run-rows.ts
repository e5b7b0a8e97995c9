import type { CallSizer } from './call-sizer.js';
import type { ModelCall, RowError } from '../host/messages.js';
import type { OutputFile, RowMetadata } from '../contract/model-runtime.js';
import { lengthOfRow } from '../contract/row-text.js';
import type { CallOptions } from '../pool/model-pool.js';
import type { ModelUse } from './model-cache.js';
import { runNarrowed, type InputLimits, type Settle } from './narrow.js';

/** Calls that wait for each process, so that none is ever idle. */
const callsAhead = 2;

/** Rows to run, each as JSON text, and how. */
export interface Rows extends Omit<ModelCall, 'indices' | 'failure'> {
  /** The number of a row in its job, from 0, by its place here. Default: the same. */
  indexOf?: (at: number) => number;
  sizer: CallSizer;
  limits?: InputLimits;
  /** Hears of a row that was given up because the model is lost with it. May throw. */
  onGivenUp?: ((error: RowError) => void) | undefined;
}

/** What became of the rows, in their order. */
export interface RowsOutcome {
  /** JSON text; null for a row that failed, or whose output is a vector. */
  outputs: (string | null)[];
  vectors: (Float32Array | null)[];
  customIds: (string | null)[];
  /** What the runtime told about rows, by their places; rows of which it told nothing have none. */
  metadata: Map<number, RowMetadata>;
  /** By row, in no order. */
  errors: RowError[];
  files: OutputFile[];
}

/**
 * Runs rows in calls of similar length on all processes of a pool, and brings the outputs back into the rows' order:
 * a call is padded to its longest row. Long rows go first, so that no process works alone at the end.
 *
 * @param onDone called with the number of rows that a call has done
 * @throws ModelJobError as {@link runNarrowed}
 */
export async function runRows(
  { pool, health }: Pick<ModelUse, 'pool' | 'health'>,
  { sizer, rows, indexOf = (at) => at, limits = {}, onGivenUp, ...call }: Rows,
  options: CallOptions,
  onDone: (rows: number) => void,
): Promise<RowsOutcome> {
  const order = rows.map((_, at) => at).sort((left, right) => lengthOfRow(rows[right]) - lengthOfRow(rows[left]));
  const lengths = order.map((at) => lengthOfRow(rows[at]));
  const outcome: RowsOutcome = {
    outputs: rows.map(() => null),
    vectors: rows.map(() => null),
    customIds: rows.map(() => null),
    metadata: new Map(),
    errors: [],
    files: [],
  };
  const settle: Settle = (places, ran) => {
    places.forEach((at, index) => {
      outcome.outputs[at] = ran.outputs[index] ?? null;
      if (ran.vectors) outcome.vectors[at] = ran.vectors[index] ?? null;
      if (ran.customIds) outcome.customIds[at] = ran.customIds[index] ?? null;
      const told = ran.metadata?.[index];
      if (told) outcome.metadata.set(at, told);
    });
    const errors = ran.errors.map((error) => ({ ...error, at: places[error.at] ?? 0 }));
    errors.filter(({ tries }) => tries !== undefined).forEach((error) => onGivenUp?.(error));
    outcome.errors.push(...errors);
    outcome.files.push(...ran.files);
    onDone(places.length);
  };
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const unlike = order.map((at) => rows[at]).findLast((row) => typeof row === 'string') ?? '';
  let next = 0;
  const runOne = async (): Promise<void> => {
    const from = next;
    const places = order.slice(from, (next += sizer.next(lengths, from)));
    const its = { ...call, rows: places.map((at) => rows[at] ?? ''), indices: places.map(indexOf) };
    await runNarrowed({ pool, health, call: its, options: { ...options, signal }, limits, unlike }, (some, ran) => {
      if (some.length === places.length) sizer.took(places.length, lengths[from] ?? 0, ran.runMs);
      settle(
        some.map((index) => places[index] ?? 0),
        ran,
      );
    });
  };
  const lane = async (): Promise<void> => {
    while (next < rows.length) await runOne();
  };
  try {
    await Promise.all(Array.from({ length: pool.width * callsAhead }, lane));
    return outcome;
  } finally {
    failure.abort();
  }
}
