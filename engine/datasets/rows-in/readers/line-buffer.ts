/** Text that is put together before it becomes bytes, in characters. */
const blockText = 1 << 18;

/** Collects lines into blocks of bytes. */
export interface LineBuffer {
  /** Adds a line; returns a block when one is full. */
  add(line: string): Buffer | undefined;
  /** What is left. */
  take(): Buffer | undefined;
}

/** A buffer of lines, each with its line break. */
export function lineBuffer(): LineBuffer {
  let text = '';
  const take = (): Buffer | undefined => {
    if (text === '') return undefined;
    const block = Buffer.from(text);
    text = '';
    return block;
  };
  return {
    add(line) {
      text += `${line}\n`;
      return text.length < blockText ? undefined : take();
    },
    take,
  };
}
