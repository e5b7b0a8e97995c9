import type { ModelJobErrorCode } from '../../../planner/index.js';

/** Why a row of a data set can't be read: it is a failed row like any other. */
export interface RowFault {
  code: ModelJobErrorCode;
  message: string;
  /** The caller's name for the row, where that much of it could be read. */
  customId?: string | undefined;
}

/** A row of a data set: its JSON text, or why there is none. */
export type RowText = string | RowFault;

/** The length of a row's text, in characters. */
export function lengthOfRow(row: RowText | undefined): number {
  return typeof row === 'string' ? row.length : 0;
}

/** How the error of a row begins that is no JSON. */
export const notJson = 'the row is not JSON';
