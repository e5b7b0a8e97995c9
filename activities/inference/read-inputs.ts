import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { ModelJobError, type ModelJobInput } from '../../planner/index.js';
import type { PathGuard } from '../paths.js';
import { inputFile } from './input-file.js';
import { dataRow } from './row.js';

/** The largest file that one inference reads, in bytes; a batch has no such limit. */
const maxFileBytes = 64 * 1024 * 1024;

/**
 * The values of an inference's inputs: a `json` input is its value; a file is one row a line (`.jsonl`, `.ndjson`),
 * one value (`.json`), or its text.
 *
 * @throws ModelJobError that names the input by its index
 */
export async function readInputs(inputs: readonly ModelJobInput[], paths: PathGuard): Promise<unknown[]> {
  const values = await Promise.all(
    inputs.map(async (input, index) =>
      input.kind === 'json' ? [input.value] : await readFileInput(input, index, paths),
    ),
  );
  return values.flat();
}

async function readFileInput(
  input: Exclude<ModelJobInput, { kind: 'json' }>,
  index: number,
  paths: PathGuard,
): Promise<unknown[]> {
  const path = await inputFile(input, index, paths);
  const { size } = await stat(path);
  if (size > maxFileBytes) {
    throw new ModelJobError(
      'ResourceLimit',
      `inputs[${index}]: \`${path}\` has ${size} bytes, more than one inference reads (${maxFileBytes}): run a BatchInference`,
    );
  }
  const text = await readFile(path, 'utf8');
  const ending = extname(path).toLowerCase();
  if (ending === '.json') return [parseJson(text, `inputs[${index}]`)];
  if (ending !== '.jsonl' && ending !== '.ndjson') return [text];
  return text
    .split('\n')
    .flatMap((line, at) =>
      line.trim() === '' ? [] : [dataRow(parseJson(line, `inputs[${index}] line ${at + 1}`)).input],
    );
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ModelJobError('InvalidArgument', `${place} is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
}
