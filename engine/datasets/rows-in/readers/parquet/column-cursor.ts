import type { Page } from './pages.js';
import { NoText } from './value-text.js';

/** A column of a row group, read value by value. */
export interface ColumnCursor {
  /** Rows that begin in the pages that were read, all of whose values are there. */
  readonly rows: number;
  /** Reads pages until there is a row; after the last one there is none. */
  fill(): Promise<void>;
  /** The levels of the value that comes next; its repetition level is 0 behind the last one. */
  definition(): number;
  repetition(): number;
  /** The JSON text of the value that comes next, which is not null. */
  text(): string;
  /** Goes on by one value. */
  next(): void;
}

export interface CursorOptions {
  /** The definition level of a value that is not null. */
  highest: number;
  /** Whether a row may have several values. */
  repeats: boolean;
  /**
   * A stored value as JSON text.
   *
   * @throws NoText
   */
  textOf: (value: unknown) => string;
  /** Told of a value that has none; it is written as null. */
  onNoText: (problem: string) => void;
}

/** Opens a column. It holds as many pages as a row needs. */
export function createColumnCursor(
  pages: AsyncGenerator<Page>,
  { highest, repeats, textOf, onNoText }: CursorOptions,
): ColumnCursor {
  const waiting: Page[] = [];
  let page: Page | undefined;
  let level = 0;
  let value = 0;
  let begun = 0;
  let isEnded = false;
  /** The values of the chunk's dictionary as JSON text, as far as they were needed. */
  const texts: string[] = [];

  async function readPage(): Promise<void> {
    const next: IteratorResult<Page, unknown> = await pages.next();
    if (next.done) {
      isEnded = true;
      return;
    }
    begun += rowsIn(next.value);
    if (page) waiting.push(next.value);
    else page = next.value;
  }

  function repetition(): number {
    return page?.repetitions[level] ?? 0;
  }

  function readText(): string {
    const stored: unknown = page?.values[value];
    if (!page?.dictionary) return textOf(stored);
    const number = stored as number;
    return (texts[number] ??= textOf(page.dictionary[number]));
  }

  const cursor: ColumnCursor = {
    get rows() {
      // The last row of a column that repeats may go on in the next page.
      return repeats && !isEnded ? begun - 1 : begun;
    },
    async fill() {
      while (cursor.rows < 1 && !isEnded) await readPage();
    },
    definition: () => page?.definitions[level] ?? highest,
    repetition,
    text() {
      try {
        return readText();
      } catch (error) {
        if (!(error instanceof NoText)) throw error;
        onNoText(error.message);
        return 'null';
      }
    },
    next() {
      if (!page) return;
      if (repetition() === 0) begun -= 1;
      if (cursor.definition() === highest) value += 1;
      level += 1;
      if (level < page.count) return;
      page = waiting.shift();
      level = 0;
      value = 0;
    },
  };
  return cursor;
}

function rowsIn({ count, repetitions }: Page): number {
  if (repetitions.length === 0) return count;
  return repetitions.reduce((rows, level) => (level === 0 ? rows + 1 : rows), 0);
}
