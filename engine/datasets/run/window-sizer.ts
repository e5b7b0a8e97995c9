/** How long a window should take, in milliseconds: what a killed worker may have to do again is at most two of them. */
const wantedMs = 2000;

const firstRows = 256;
const leastRows = 16;
const mostRows = 16_384;

/** Chooses the rows of a window by the speed of those before. */
export interface WindowSizer {
  size: () => number;
  /** Tells of a window that was run. */
  took: (rows: number, milliseconds: number) => void;
}

export function createWindowSizer(): WindowSizer {
  let size = firstRows;
  return {
    size: () => size,
    took(rows, milliseconds) {
      const wanted = Math.round((rows / Math.max(milliseconds, 1)) * wantedMs);
      // At most fourfold: a window of short rows says little of the next one.
      size = Math.min(Math.max(Math.min(wanted, size * 4), leastRows), mostRows);
    },
  };
}
