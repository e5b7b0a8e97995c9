/** The last bytes of a stream, in memory of one size. */
export class OutputTail {
  private readonly ring: Buffer;
  /** Bytes in all. */
  size = 0;

  constructor(maxBytes: number) {
    this.ring = Buffer.alloc(maxBytes);
  }

  add(chunk: Buffer): void {
    const last = chunk.subarray(-this.ring.length);
    const at = (this.size + chunk.length - last.length) % this.ring.length;
    const fits = last.copy(this.ring, at);
    last.copy(this.ring, 0, fits);
    this.size += chunk.length;
  }

  /** Whether there was more than stays. */
  get isCut(): boolean {
    return this.size > this.ring.length;
  }

  /** The bytes that stay as text, from a whole character on; what is no UTF-8 is `\uFFFD`. */
  text(): string {
    if (!this.isCut) return this.ring.toString('utf8', 0, this.size);
    const at = this.size % this.ring.length;
    const bytes = Buffer.concat([this.ring.subarray(at), this.ring.subarray(0, at)]);
    return bytes.subarray(charactersFrom(bytes)).toString('utf8');
  }
}

/** Where the first character begins: the rest of one that was cut has at most three bytes. */
function charactersFrom(bytes: Buffer): number {
  let at = 0;
  while (at < 3 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}
