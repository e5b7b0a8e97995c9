/** How many rows failed, by the codes of their errors. */
export type FailedByCode = Readonly<Record<string, number>>;

/** How rows came out. */
export interface RowCounts {
  succeeded: number;
  failed: number;
  /** Absent where none has failed, or an earlier version counted. */
  failedByCode?: FailedByCode;
}

/**
 * Counts rows.
 *
 * @param codes of those that failed
 */
export function countRows(rows: number, codes: readonly string[]): RowCounts {
  const failedByCode: Record<string, number> = {};
  for (const code of codes) failedByCode[code] = (failedByCode[code] ?? 0) + 1;
  const failed = codes.length;
  return { succeeded: rows - failed, failed, ...(failed > 0 ? { failedByCode } : {}) };
}

/** The rows of both. */
export function addCounts(one: RowCounts, other: RowCounts): RowCounts {
  return combine(one, other, 1);
}

/** The rows of the first that are not among those of the second. */
export function countsBeyond(one: RowCounts, other: RowCounts): RowCounts {
  return combine(one, other, -1);
}

/** In words: `4 InvalidArgument, 1 Crashed`, the most frequent first. */
export function codesText({ failedByCode = {} }: RowCounts): string {
  const codes = Object.entries(failedByCode).sort(([, one], [, other]) => other - one);
  return codes.map(([code, count]) => `${count} ${code}`).join(', ');
}

function combine(one: RowCounts, other: RowCounts, sign: 1 | -1): RowCounts {
  const codes: Record<string, number> = { ...one.failedByCode };
  for (const [code, count] of Object.entries(other.failedByCode ?? {})) codes[code] = (codes[code] ?? 0) + sign * count;
  const left = Object.entries(codes).filter(([, count]) => count > 0);
  return {
    succeeded: one.succeeded + sign * other.succeeded,
    failed: one.failed + sign * other.failed,
    ...(left.length > 0 ? { failedByCode: Object.fromEntries(left) } : {}),
  };
}
