import { randomInt } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { IdBytes } from './custom-id.js';

/** Where a row stands: its line as the caller knows it, and its bytes among the sources. */
export interface RowPlace {
  /** The file that the caller named, by its number. */
  origin: number;
  line: number;
  source: number;
  start: number;
}

/** Ids by their hashes, in parts that are looked at one by one; what is more than a few MB waits on the disk. */
export interface IdRecords {
  /** Whether a write to the disk is due: then `flush` before the next `add`s. */
  add(id: IdBytes, place: RowPlace): boolean;
  flush(): Promise<void>;
  /** The rows of each hash that several ids have, in their order; of very many the first ones. */
  groups(): AsyncGenerator<RowPlace[]>;
  close(): Promise<void>;
}

/** A record: two halves of the hash, origin, source (32 bits each), line and start (64 bits each). */
const recordBytes = 32;
const parts = 256;
const blockRecords = 512;
const blockBytes = blockRecords * recordBytes;

/** How many rows of one hash are told of. */
const mostInGroup = 100;

interface Part {
  bytes: Buffer;
  words: Uint32Array;
  floats: Float64Array;
  count: number;
  /** Where its full blocks are in the file. */
  blocks: number[];
}

/** @param path of the file that holds what is too much for memory; it goes with `close` */
export function createIdRecords(path: string): IdRecords {
  // Nobody can prepare ids whose hashes are one.
  const seed = randomInt(2 ** 32);
  const all: (Part | undefined)[] = Array.from({ length: parts }, () => undefined);
  let full: Part[] = [];
  let file: FileHandle | undefined;
  let size = 0;
  return {
    add(id, place) {
      hash(id, seed);
      const part = (all[high >>> 24] ??= newPart());
      const at = part.count++;
      const word = at * (recordBytes / 4);
      part.words[word] = high;
      part.words[word + 1] = low;
      part.words[word + 2] = place.origin;
      part.words[word + 3] = place.source;
      part.floats[at * 4 + 2] = place.line;
      part.floats[at * 4 + 3] = place.start;
      if (part.count < blockRecords) return full.length > 0;
      full.push(part);
      all[high >>> 24] = { ...newPart(), blocks: part.blocks };
      return true;
    },
    async flush() {
      file ??= await open(path, 'w+');
      for (const { blocks } of full) {
        blocks.push(size);
        size += blockBytes;
      }
      await file.writeFile(Buffer.concat(full.map(({ bytes }) => bytes)));
      full = [];
    },
    async *groups() {
      for (const part of all) {
        if (part) yield* groupsIn(await wholePart(part, file));
      }
    },
    async close() {
      await file?.close();
      await rm(path, { force: true });
    },
  };
}

function newPart(): Part {
  const memory = new ArrayBuffer(blockBytes);
  return {
    bytes: Buffer.from(memory),
    words: new Uint32Array(memory),
    floats: new Float64Array(memory),
    count: 0,
    blocks: [],
  };
}

/** The halves of the hash that was made last: a pair for each row would cost more than the hash. */
let high = 0;
let low = 0;

/** 64 bits of hash, from 32-bit multiplications (the way of cyrb53). */
function hash({ chunk, from, until }: IdBytes, seed: number): void {
  let one = 0xdeadbeef ^ seed;
  let two = 0x41c6ce57 ^ seed;
  for (let at = from; at < until; at++) {
    const byte = chunk[at] ?? 0;
    one = Math.imul(one ^ byte, 2654435761);
    two = Math.imul(two ^ byte, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  high = one >>> 0;
  low = two >>> 0;
}

/** All records of a part, in the order in which they came. */
async function wholePart(part: Part, file: FileHandle | undefined): Promise<ArrayBuffer> {
  const memory = new ArrayBuffer(part.blocks.length * blockBytes + part.count * recordBytes);
  const bytes = Buffer.from(memory);
  for (const [index, position] of part.blocks.entries()) {
    await file?.read(bytes, index * blockBytes, blockBytes, position);
  }
  part.bytes.copy(bytes, part.blocks.length * blockBytes, 0, part.count * recordBytes);
  return memory;
}

function* groupsIn(memory: ArrayBuffer): Generator<RowPlace[]> {
  const words = new Uint32Array(memory);
  const count = memory.byteLength / recordBytes;
  let slots = 16;
  while (slots < count * 2) slots *= 2;
  // The number of the first record of a hash and 1; 0 is an empty slot.
  const table = new Uint32Array(slots);
  const groups = new Map<number, RowPlace[]>();
  for (let record = 0; record < count; record++) {
    const one = words[record * 8] ?? 0;
    const two = words[record * 8 + 1] ?? 0;
    for (let slot = two & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const first = (table[slot] ?? 0) - 1;
      if (first === -1) {
        table[slot] = record + 1;
        break;
      }
      if (words[first * 8] !== one || words[first * 8 + 1] !== two) continue;
      const group = groups.get(first) ?? [placeOf(memory, first)];
      if (group.length < mostInGroup) group.push(placeOf(memory, record));
      groups.set(first, group);
      break;
    }
  }
  yield* groups.values();
}

function placeOf(memory: ArrayBuffer, record: number): RowPlace {
  const [, , origin = 0, source = 0] = new Uint32Array(memory, record * recordBytes, 4);
  const [line = 0, start = 0] = new Float64Array(memory, record * recordBytes + 16, 2);
  return { origin, line, source, start };
}
