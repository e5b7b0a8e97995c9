import type { TimeUnit } from './numbers.js';

/** The number of `Duration` in the union `Type` of Arrow's Schema.fbs, and the units of its `TimeUnit`. */
const durationType = 18;
const units: readonly TimeUnit[] = ['SECONDS', 'MILLIS', 'MICROS', 'NANOS'];

/**
 * The units of the columns that are durations to Arrow, by the place of the column among those without fields of their
 * own; Parquet has no such type, and Arrow's libraries keep their schema beside Parquet's own.
 *
 * @param schema the value of the file's key `ARROW:schema`: an encapsulated message of Arrow's IPC format, in Base64
 */
export function durationsOf(schema: string): (TimeUnit | undefined)[] {
  const bytes = Buffer.from(schema, 'base64');
  // A continuation marker comes before the message's length, but not in the oldest files.
  const root = bytes.readInt32LE(0) === -1 ? 8 : 4;
  const message = tableAt(bytes, root);
  const header = message.table(2);
  return header?.tables(1).flatMap(leavesOf) ?? [];
}

/** A field of Schema.fbs: its type is member 2, with the type's table in 3; its children are 5. */
function leavesOf(field: FlatTable): (TimeUnit | undefined)[] {
  const children = field.tables(5);
  if (children.length > 0) return children.flatMap(leavesOf);
  if (field.byte(2) !== durationType) return [undefined];
  // Milliseconds are the default, which is not written.
  return [units[field.table(3)?.short(0) ?? 1] ?? 'MILLIS'];
}

/** A table of a flatbuffer; members are numbered as in its schema. */
interface FlatTable {
  byte(member: number): number | undefined;
  short(member: number): number | undefined;
  table(member: number): FlatTable | undefined;
  /** A vector of tables. */
  tables(member: number): FlatTable[];
}

/** @param pointer where the offset of the table is */
function tableAt(bytes: Buffer, pointer: number): FlatTable {
  const at = pointer + bytes.readUInt32LE(pointer);
  const members = at - bytes.readInt32LE(at);
  /** Where a member is; undefined for one that was not written. */
  const find = (member: number): number | undefined => {
    const entry = 4 + 2 * member;
    const offset = entry < bytes.readUInt16LE(members) ? bytes.readUInt16LE(members + entry) : 0;
    return offset === 0 ? undefined : at + offset;
  };
  const read = <T>(member: number, from: (place: number) => T): T | undefined => {
    const place = find(member);
    return place === undefined ? undefined : from(place);
  };
  return {
    byte: (member) => read(member, (place) => bytes.readUInt8(place)),
    short: (member) => read(member, (place) => bytes.readInt16LE(place)),
    table: (member) => read(member, (place) => tableAt(bytes, place)),
    tables: (member) =>
      read(member, (place) => {
        const vector = place + bytes.readUInt32LE(place);
        return Array.from({ length: bytes.readUInt32LE(vector) }, (_, index) => tableAt(bytes, vector + 4 + 4 * index));
      }) ?? [],
  };
}
