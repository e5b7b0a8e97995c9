import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { ModelJobError, type JsonValue, type ModelJobInput, type ModelTask } from '../../planner/index.js';
import { createLineScanner } from '../../system/files/line-scanner.js';
import { badByteIn } from '../../system/files/utf8.js';
import type { PathGuard } from '../workspace/paths.js';
import { inputFile } from './input-file.js';
import { mediaKind } from './media-kind.js';
import { dataRow } from '../models/contract/data-row.js';
import { textOfMember } from '../models/contract/json-text.js';
import { refuseLossy } from '../models/host/lossy-number.js';

/** Bytes that one inference reads from files for its inputs; a batch has no such limit. */
const maxBytes = 64 * 1024 * 1024;

/** The most inputs of one inference, its rows in files counted; a batch has no such limit. */
const maxInputs = 100_000;

/** Whose inputs are read, and where. */
export interface InputReader {
  task: ModelTask;
  paths: PathGuard;
}

/**
 * The values of an inference's inputs: a `json` input is its value; a file is one row a line (`.jsonl`, `.ndjson`),
 * one value (`.json`), a picture or a recording (`{"image": path}`, `{"audio": path}`), or its text.
 *
 * @throws ModelJobError that names the input by its index
 */
export async function readInputs(inputs: readonly ModelJobInput[], reader: InputReader): Promise<JsonValue[]> {
  const values: JsonValue[] = [];
  let bytes = 0;
  for (const [index, input] of inputs.entries()) {
    const read =
      input.kind === 'json' ? { values: [input.value], bytes: 0 } : await readFileInput(input, index, reader);
    bytes += read.bytes;
    for (const value of read.values) values.push(value);
    checkSum(index, { bytes, count: values.length });
  }
  return values;
}

interface ReadInput {
  values: JsonValue[];
  bytes: number;
}

async function readFileInput(
  input: Exclude<ModelJobInput, { kind: 'json' }>,
  index: number,
  { task, paths }: InputReader,
): Promise<ReadInput> {
  const path = await inputFile(input, index, paths);
  const kind = mediaKind(path, task);
  if (kind !== undefined) return { values: [{ [kind]: path }], bytes: 0 };
  const { size } = await stat(path);
  checkSum(index, { bytes: size, count: 0 });
  return { values: valuesIn(await readBytes(path, index), path, index), bytes: size };
}

/** @throws ModelJobError `ResourceLimit` */
function checkSum(index: number, sum: { bytes: number; count: number }): void {
  const problem =
    sum.bytes > maxBytes
      ? `the files of the inputs have ${sum.bytes} bytes or more, more than one inference reads (${maxBytes})`
      : sum.count > maxInputs
        ? `there are ${sum.count} inputs or more, more than one inference runs (${maxInputs})`
        : undefined;
  if (problem !== undefined) {
    throw new ModelJobError('ResourceLimit', `inputs[${index}]: ${problem}: run a BatchInference`);
  }
}

function readBytes(path: string, index: number): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    throw new ModelJobError('InvalidArgument', `inputs[${index}]: \`${path}\` is a folder: run a BatchInference`);
  });
}

function valuesIn(bytes: Buffer, path: string, index: number): JsonValue[] {
  const ending = extname(path).toLowerCase();
  if (ending === '.jsonl' || ending === '.ndjson') return valuesOfLines(bytes, index);
  const text = textOf(bytes, `inputs[${index}]: \`${path}\``).replace(/^\uFEFF/, '');
  if (ending !== '.json') return [text];
  const value = parseJson(text, `inputs[${index}]`);
  refuseLossyAt(`inputs[${index}]`, text);
  return [value];
}

function valuesOfLines(bytes: Buffer, index: number): JsonValue[] {
  const values: JsonValue[] = [];
  const scanner = createLineScanner((chunk, from, until) => {
    const place = `inputs[${index}] line ${scanner.line}`;
    const text = textOf(chunk.subarray(from, until), place);
    const { input, member } = dataRow(parseJson(text, place));
    refuseLossyAt(place, textOfMember(text, member));
    values.push(input as JsonValue);
  }, maxBytes);
  scanner.open();
  scanner.push(bytes);
  scanner.close();
  return values;
}

/** @throws ModelJobError `InvalidArgument` for bytes that are no UTF-8 */
function textOf(bytes: Buffer, place: string): string {
  const text = bytes.toString();
  const bad = badByteIn(bytes, text);
  if (!bad) return text;
  throw new ModelJobError('InvalidArgument', `${place} is not text in UTF-8: byte ${bad.hex} at byte ${bad.place}`);
}

function refuseLossyAt(place: string, json: string): void {
  try {
    refuseLossy(json);
  } catch (error) {
    throw error instanceof ModelJobError ? new ModelJobError(error.code, `${place}: ${error.detail}`) : error;
  }
}

function parseJson(text: string, place: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new ModelJobError('InvalidArgument', `${place} is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
}
