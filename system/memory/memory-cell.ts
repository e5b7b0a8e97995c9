/** What the watch and its worker tell each other of a family of processes, in memory that their threads share. */
const fields = ['allowed', 'bytes', 'peak', 'endedAt', 'endedTotal'] as const;

export type MemoryField = (typeof fields)[number];

/** Numbers of bytes by name; each is 0 before it is told. */
export class MemoryCell {
  private readonly values: BigInt64Array;

  constructor(readonly buffer = new SharedArrayBuffer(fields.length * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.values = new BigInt64Array(buffer);
  }

  get(field: MemoryField): number {
    return Number(Atomics.load(this.values, fields.indexOf(field)));
  }

  set(field: MemoryField, bytes: number): void {
    Atomics.store(this.values, fields.indexOf(field), BigInt(Math.round(bytes)));
  }
}
