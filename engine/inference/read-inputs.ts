import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { ModelJobError, type JsonValue, type ModelJobInput, type ModelTask } from '../../planner/index.js';
import type { PathGuard } from '../workspace/paths.js';
import { inputFile } from './input-file.js';
import { mediaKind } from './media-kind.js';
import { dataRow } from '../models/contract/data-row.js';

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
  return { values: valuesIn(await readText(path, index), extname(path).toLowerCase(), index), bytes: size };
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

async function readText(path: string, index: number): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    throw new ModelJobError('InvalidArgument', `inputs[${index}]: \`${path}\` is a folder: run a BatchInference`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ModelJobError('InvalidArgument', `inputs[${index}]: \`${path}\` is not text in UTF-8`, { cause: error });
  }
}

function valuesIn(text: string, ending: string, index: number): JsonValue[] {
  if (ending === '.json') return [parseJson(text, `inputs[${index}]`)];
  if (ending !== '.jsonl' && ending !== '.ndjson') return [text];
  return text
    .split('\n')
    .flatMap((line, at) =>
      line.trim() === '' ? [] : [dataRow(parseJson(line, `inputs[${index}] line ${at + 1}`)).input as JsonValue],
    );
}

function parseJson(text: string, place: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new ModelJobError('InvalidArgument', `${place} is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
}
