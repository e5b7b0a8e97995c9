import { open, type FileHandle } from 'node:fs/promises';
import { brokenGraph, fieldIn, type Field } from './fields.js';

/** Field numbers of `onnx.proto3`: of a model, and of an entry of its metadata. */
const metadataField = 14;
const keyField = 1;
const valueField = 2;

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
      if (field.end > size) throw brokenGraph(at, 'a field that ends behind the file');
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

function addEntry(found: Map<string, string>, bytes: Buffer): void {
  const texts: Record<number, string> = {};
  for (let at = 0; at < bytes.length;) {
    const { number, start, end } = fieldIn(bytes.subarray(at), at);
    texts[number] = bytes.toString('utf8', start, end);
    at = end;
  }
  found.set(texts[keyField] ?? '', texts[valueField] ?? '');
}
