import type { RowText } from '../contract/row-text.js';
import type { ModelCall } from '../host/messages.js';

/** How long a row may take alone at least, in milliseconds, and how many times as long as the longest call so far. */
const leastMs = 10_000;
const patience = 10;

/** Rows that are given up one after the other, after which the model itself is in doubt. */
const doubtedRows = 3;

/** A row that a model has answered, and how it was read. */
export interface KnownRow extends Pick<ModelCall, 'named' | 'kept'> {
  row: RowText;
}

/** What is known of a loaded model, to tell one that dies by itself from rows that end it. */
export interface ModelHealth {
  /** The longest time for a call, in milliseconds. */
  readonly timeoutMs: number;
  /** A row that it has answered; undefined before the first. */
  readonly known: KnownRow | undefined;
  /** Tells of a call that it has answered, and one of its rows. */
  answered(known: KnownRow, milliseconds: number): void;
  /** Tells of a row that was given up; returns whether the model is in doubt. */
  gaveUp(): boolean;
  /** Ends the doubt. */
  trust(): void;
  /** How long a row may take alone, in milliseconds, when a call of `rows` rows was too slow. */
  aloneMs(rows: number): number;
}

/** @param timeoutMs the longest time for a call, in milliseconds */
export function createModelHealth(timeoutMs: number): ModelHealth {
  let known: KnownRow | undefined;
  let longestMs: number | undefined;
  let givenUp = 0;
  return {
    timeoutMs,
    get known() {
      return known;
    },
    answered(row, milliseconds) {
      known = row;
      longestMs = Math.max(longestMs ?? 0, milliseconds);
      givenUp = 0;
    },
    gaveUp: () => ++givenUp >= doubtedRows,
    trust() {
      givenUp = 0;
    },
    aloneMs(rows) {
      const guess = longestMs === undefined ? timeoutMs / rows : longestMs * patience;
      return Math.min(Math.max(guess, leastMs), timeoutMs);
    },
  };
}
