/** Rows that are sorted by length together, and written together. */
export interface Window {
  /** Index of the first row in the data set. */
  firstRow: number;
  rows: string[];
}

/** The most text in one window, in characters. */
const mostText = 8 << 20;

/**
 * Puts lines together to windows.
 *
 * @param firstRow the index of the first line's row
 * @param size asked for each window's number of rows
 */
export async function* windowsOf(
  groups: AsyncIterable<string[]>,
  firstRow: number,
  size: () => number,
): AsyncGenerator<Window> {
  let rows: string[] = [];
  let text = 0;
  for await (const lines of groups) {
    for (const line of lines) {
      rows.push(line);
      text += line.length;
      if (rows.length < size() && text < mostText) continue;
      yield { firstRow, rows };
      firstRow += rows.length;
      rows = [];
      text = 0;
    }
  }
  if (rows.length > 0) yield { firstRow, rows };
}
