/** How rows came out. */
export interface RowCounts {
  succeeded: number;
  failed: number;
}
