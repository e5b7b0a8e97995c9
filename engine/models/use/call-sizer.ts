/** How long a call should take, in milliseconds: long enough to hide its way to the process, short enough to cancel. */
const wantedMs = 100;

/** Rows of the first call, of which nothing is known, and the most of any. */
const firstRows = 16;
const mostRows = 1024;

/** How much the last call counts against those before. */
const weight = 0.3;

/** Chooses how many rows a call has, from the time that the calls before took. */
export interface CallSizer {
  /**
   * How many of the rows from `from` on make the next call.
   *
   * @param lengths of the rows' texts, the longest first: shorter rows are padded to the longest of their call
   */
  next(lengths: readonly number[], from: number): number;
  /** Tells how long a call took. */
  took(rows: number, longest: number, milliseconds: number): void;
}

/** A sizer that knows nothing yet. Rows cost by their padded length. */
export function createCallSizer(): CallSizer {
  let msPerUnit: number | undefined;
  return {
    next(lengths, from) {
      const left = lengths.length - from;
      if (msPerUnit === undefined) return Math.min(firstRows, left);
      const rowMs = unitsOf(1, lengths[from] ?? 0) * msPerUnit;
      return Math.min(Math.max(Math.round(wantedMs / rowMs), 1), mostRows, left);
    },
    took(rows, longest, milliseconds) {
      const now = Math.max(milliseconds, 0.01) / unitsOf(rows, longest);
      msPerUnit = msPerUnit === undefined ? now : msPerUnit * (1 - weight) + now * weight;
    },
  };
}

/** A call always gets the caller's number of rows. */
export function fixedCallSizer(rows: number): CallSizer {
  return { next: (lengths, from) => Math.min(rows, lengths.length - from), took: () => undefined };
}

/** A row has a cost of its own beside its length. */
function unitsOf(rows: number, longest: number): number {
  return rows * (longest + 16);
}
