import { open, type FileHandle } from 'node:fs/promises';

/** Field numbers of `onnx.proto3`: of a model, and of an entry of its metadata. */
const metadataField = 14;
const keyField = 1;
const valueField = 2;

/** The wire types of protocol buffers that a model file has: https://protobuf.dev/programming-guides/encoding/ */
const varint = 0;
const fixed64 = 1;
const counted = 2;
const fixed32 = 5;

/** Longest head of a field: two numbers of up to ten bytes. */
const headBytes = 20;

/**
 * What a graph's file says about itself (`metadata_props`), which ONNX Runtime does not give for Node.js. Weights are
 * passed over unread.
 */
export async function graphMetadata(path: string): Promise<ReadonlyMap<string, string>> {
  const file = await open(path);
  try {
    const found = new Map<string, string>();
    const { size } = await file.stat();
    for (let at = 0; at < size;) {
      const field = await fieldAt(file, at);
      if (field.number === metadataField) addEntry(found, await bytesAt(file, field.start, field.end - field.start));
      at = field.end;
    }
    return found;
  } finally {
    await file.close();
  }
}

async function fieldAt(file: FileHandle, at: number): Promise<Field> {
  return fieldIn(await bytesAt(file, at, headBytes), at);
}

async function bytesAt(file: FileHandle, at: number, count: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, at);
  return buffer.subarray(0, bytesRead);
}

/** A field's number, and where its content starts and ends. */
interface Field {
  number: number;
  start: number;
  end: number;
}

/** @param bytes that begin with the field @param at their place in the whole */
function fieldIn(bytes: Buffer, at: number): Field {
  const head = numberIn(bytes, 0);
  const content = numberIn(bytes, head.end);
  const [number, type] = [Math.floor(head.value / 8), head.value % 8];
  const start = at + (type === counted ? content.end : head.end);
  const sizes: Record<number, number> = {
    [varint]: content.end - head.end,
    [fixed64]: 8,
    [counted]: content.value,
    [fixed32]: 4,
  };
  const size = sizes[type];
  if (size === undefined || number === 0) throw new Error(`byte ${at} begins no field of an ONNX file`);
  return { number, start, end: start + size };
}

function numberIn(bytes: Buffer, from: number): { value: number; end: number } {
  let [value, end] = [0, from];
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[end++] ?? 0;
    value += (byte % 128) * factor;
    if (byte < 128) return { value, end };
  }
}

function addEntry(found: Map<string, string>, bytes: Buffer): void {
  const texts: Record<number, string> = {};
  for (let at = 0; at < bytes.length;) {
    const { number, start, end } = fieldIn(bytes.subarray(at), at);
    texts[number] = bytes.toString('utf8', start, end);
    at = end;
  }
  found.set(texts[keyField] ?? '', texts[valueField] ?? '');
}
