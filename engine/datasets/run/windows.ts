import { lengthOfRow } from '../../models/contract/row-text.js';
import type { SourceRow } from '../rows-in/source-row.js';

/** Rows that are sorted by length together, and written together. */
export interface Window {
  /** Index of the first row in the data set. */
  firstRow: number;
  rows: SourceRow[];
}

/** The most text in one window, in characters. */
const mostText = 8 << 20;

/**
 * Puts rows together to windows.
 *
 * @param firstRow the index of the first row
 * @param size asked for each window's number of rows
 */
export async function* windowsOf(
  groups: AsyncIterable<SourceRow[]> | Iterable<SourceRow[]>,
  firstRow: number,
  size: () => number,
): AsyncGenerator<Window> {
  let rows: SourceRow[] = [];
  let text = 0;
  for await (const group of groups) {
    for (const row of group) {
      rows.push(row);
      text += lengthOfRow(row.text);
      if (rows.length < size() && text < mostText) continue;
      yield { firstRow, rows };
      firstRow += rows.length;
      rows = [];
      text = 0;
    }
  }
  if (rows.length > 0) yield { firstRow, rows };
}
