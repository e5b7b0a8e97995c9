/** One encoded protobuf field, or several in a row: what a message is made of. */
export type Field = Uint8Array;

const varintType = 0;
const bytesType = 2;

/** An integer field: int32, int64 or an enumeration; `value` must not be negative. */
export function integer(number: number, value: number): Field {
  return Buffer.concat([tag(number, varintType), varint(value)]);
}

/** A string field, UTF-8. */
export function text(number: number, value: string): Field {
  return bytes(number, Buffer.from(value, 'utf8'));
}

/** A bytes field; the bytes of an encoded message make it a message field. */
export function bytes(number: number, value: Uint8Array): Field {
  return Buffer.concat([tag(number, bytesType), varint(value.length), value]);
}

/** A message field, made of its own fields in the order given, which is the order of the bytes. */
export function message(number: number, ...fields: Field[]): Field {
  return bytes(number, Buffer.concat(fields));
}

function tag(number: number, wireType: number): Uint8Array {
  return varint(number * 8 + wireType);
}

/** Base 128, seven bits a byte, the lowest first: https://protobuf.dev/programming-guides/encoding/#varints */
function varint(value: number): Uint8Array {
  const encoded: number[] = [];
  let rest = value;
  while (rest >= 128) {
    encoded.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.from([...encoded, rest]);
}
