/** Where the lines of a file begin, in 8 bytes a line. Lines are counted from 1. */
export class LineOffsets {
  #starts = new Float64Array(1024);
  #count = 0;

  /** The number of lines. */
  get count(): number {
    return this.#count;
  }

  /** Adds a line that comes after those before; lines in between that are left out hold nothing. */
  add(line: number, start: number): void {
    if (line >= this.#starts.length) {
      const old = this.#starts;
      this.#starts = new Float64Array(Math.max(old.length, line) * 2);
      this.#starts.set(old);
    }
    this.#starts.fill(start, this.#count, line);
    this.#count = line;
  }

  /**
   * @param size of the file, which is where its last line ends
   * @returns where a line begins and ends, its line break and lines of nothing behind it included
   */
  range(line: number, size: number): { start: number; end: number } {
    const start = this.#starts[line - 1] ?? size;
    return { start, end: line < this.#count ? (this.#starts[line] ?? size) : size };
  }
}
