/** What a frame of zstd says of itself (RFC 8878, section 3.1.1.1). */
export interface ZstdHeader {
  /** The bytes of what it unpacks to that are held, for what comes looks back on them. */
  window: number;
  /** Whether it needs a dictionary, which stands elsewhere. */
  hasDictionary: boolean;
  /** Whether a hash of what it unpacks to stands at its end. */
  hasChecksum: boolean;
  /** The bytes that it unpacks to, where it names them. */
  sizeBytes: number | undefined;
}

/** Bytes that tell how long a header is: the magic number and the descriptor. */
export const zstdStart = 5;

/** How many bytes of the header follow its first five, by the descriptor. */
export function zstdRest(descriptor: number): number {
  return (isSingle(descriptor) ? 0 : 1) + dictionaryBytes(descriptor) + contentBytes(descriptor);
}

/** Reads the header of a frame. */
export function readZstdHeader(header: Buffer): ZstdHeader {
  const descriptor = header[4] ?? 0;
  const single = isSingle(descriptor);
  const ofDictionary = zstdStart + (single ? 0 : 1);
  const ofContent = ofDictionary + dictionaryBytes(descriptor);
  const sizeBytes = readSize(header, ofContent, contentBytes(descriptor));
  return {
    window: single ? (sizeBytes ?? 0) : windowOf(header[zstdStart] ?? 0),
    hasDictionary: header.subarray(ofDictionary, ofContent).some((byte) => byte !== 0),
    hasChecksum: (descriptor & 4) !== 0,
    sizeBytes,
  };
}

function isSingle(descriptor: number): boolean {
  return (descriptor & 0x20) !== 0;
}

function dictionaryBytes(descriptor: number): number {
  return [0, 1, 2, 4][descriptor & 3] ?? 0;
}

function contentBytes(descriptor: number): number {
  return [isSingle(descriptor) ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
}

function readSize(header: Buffer, at: number, bytes: number): number | undefined {
  if (bytes === 0) return undefined;
  if (bytes === 8) return Number(header.readBigUInt64LE(at));
  return header.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}

function windowOf(descriptor: number): number {
  return 2 ** (10 + (descriptor >> 3)) * (1 + (descriptor & 7) / 8);
}
