import type { CallSizer } from './call-sizer.js';
import type { ModelCall, RowError } from '../host/messages.js';
import type { OutputFile, RowMetadata } from '../contract/model-runtime.js';
import type { CallOptions, ModelPool } from '../pool/model-pool.js';
import { lengthOfRow } from '../contract/row-text.js';

/** Calls that wait for each process, so that none is ever idle. */
const callsAhead = 2;

/** Rows to run, each as JSON text, and how. */
export interface Rows extends Omit<ModelCall, 'indices'> {
  /** The number of a row in its job, from 0, by its place here. Default: the same. */
  indexOf?: (at: number) => number;
  sizer: CallSizer;
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
 * @throws ModelJobError as {@link ModelPool.run}
 */
export async function runRows(
  pool: ModelPool,
  { sizer, rows, indexOf = (at) => at, ...call }: Rows,
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
  let next = 0;
  const runOne = async (): Promise<void> => {
    const from = next;
    const places = order.slice(from, (next += sizer.next(lengths, from)));
    const indices = places.map(indexOf);
    const ran = await pool.run({ ...call, rows: places.map((at) => rows[at] ?? ''), indices }, options);
    sizer.took(places.length, lengths[from] ?? 0, ran.runMs);
    places.forEach((at, index) => {
      outcome.outputs[at] = ran.outputs[index] ?? null;
      if (ran.vectors) outcome.vectors[at] = ran.vectors[index] ?? null;
      if (ran.customIds) outcome.customIds[at] = ran.customIds[index] ?? null;
      const told = ran.metadata?.[index];
      if (told) outcome.metadata.set(at, told);
    });
    outcome.errors.push(...ran.errors.map((error) => ({ ...error, at: places[error.at] ?? 0 })));
    outcome.files.push(...ran.files);
    onDone(places.length);
  };
  const lane = async (): Promise<void> => {
    while (next < rows.length) await runOne();
  };
  await Promise.all(Array.from({ length: pool.width * callsAhead }, lane));
  return outcome;
}
