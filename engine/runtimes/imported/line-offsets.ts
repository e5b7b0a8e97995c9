/** Where the lines of a file begin, in 8 bytes a line. Lines are counted from 1. */
export class LineOffsets {
  #starts = new Float64Array(1024);
  #count = 0;

  /** The number of lines. */
  get count(): number {
    return this.#count;
  }

  /** Adds the next line, and returns its number. */
  add(start: number): number {
    if (this.#count + 1 >= this.#starts.length) {
      const old = this.#starts;
      this.#starts = new Float64Array(old.length * 2);
      this.#starts.set(old);
    }
    this.#starts[this.#count] = start;
    this.#count += 1;
    return this.#count;
  }

  /**
   * @param size of the file, which is where its last line ends
   * @returns where a line begins and ends, its line break included
   */
  range(line: number, size: number): { start: number; end: number } {
    const start = this.#starts[line - 1] ?? size;
    return { start, end: line < this.#count ? (this.#starts[line] ?? size) : size };
  }
}
