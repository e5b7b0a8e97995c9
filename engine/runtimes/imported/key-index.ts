import { hash } from 'node:crypto';

/** A key's slot: two halves of its hash, and the number of its line, counted from 1 (0: the slot is free). */
const slotSize = 3;

/** The share of slots that may be taken. */
const maxLoad = 0.7;

/**
 * Finds lines by their keys in 12 bytes a slot, whatever the length of the keys: they stay in the file. Two keys may
 * share a hash, so whoever finds a line must look whether it is the one.
 */
export class KeyIndex {
  #slots = new Uint32Array(slotSize * 1024);
  #count = 0;

  /** Adds a line under a key; a key may have several. */
  add(key: string, line: number): void {
    if ((this.#count + 1) / this.#capacity > maxLoad) this.#grow();
    const [high, low] = hashOf(key);
    this.#place(high, low, line);
    this.#count += 1;
  }

  /** The lines that may be the key's. */
  find(key: string): number[] {
    const [high, low] = hashOf(key);
    const lines: number[] = [];
    for (let at = this.#first(low); this.#slots[at + 2]; at = this.#next(at)) {
      if (this.#slots[at] === high && this.#slots[at + 1] === low) lines.push(this.#slots[at + 2] ?? 0);
    }
    return lines;
  }

  #place(high: number, low: number, line: number): void {
    let at = this.#first(low);
    while (this.#slots[at + 2]) at = this.#next(at);
    this.#slots.set([high, low, line], at);
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += slotSize) {
      const [high = 0, low = 0, line = 0] = old.subarray(at, at + slotSize);
      if (line > 0) this.#place(high, low, line);
    }
  }

  get #capacity(): number {
    return this.#slots.length / slotSize;
  }

  #first(low: number): number {
    return (low % this.#capacity) * slotSize;
  }

  #next(at: number): number {
    return (at + slotSize) % this.#slots.length;
  }
}

/** One call makes it: an object for each hash takes most of the time of an index. */
function hashOf(key: string): [high: number, low: number] {
  const digest = hash('sha1', key, 'buffer');
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}
