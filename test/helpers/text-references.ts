import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { RowMetadata } from '../../engine/models/contract/model-runtime.js';
import { runtime } from '../../engine/runtimes/onnx/runtime.js';
import type { JsonValue, ModelTask } from '../../planner/index.js';
import { temporaryFolder } from './activity.js';
import { loadRequest } from './onnx-model.js';

/** The folder of the recordings. */
export const referenceFolder = fileURLToPath(new URL('../fixtures/references/text/', import.meta.url));

/** What Python answered, by the script beside the recordings. */
export async function referenceCases<T>(name: string): Promise<T[]> {
  const cases = JSON.parse(await readFile(join(referenceFolder, 'cases', `${name}.json`), 'utf8')) as T[];
  expect(cases, name).not.toEqual([]);
  return cases;
}

/** The folder of a tokenizer of the recordings. */
export function referenceTokenizer(name: string): string {
  return join(referenceFolder, 'tokenizers', name);
}

/** A model of the recordings and its tokenizer. */
export interface ReferenceModel {
  model: string;
  tokenizer: string;
  /** A folder of further files of the model. */
  with?: string;
}

/** Loads a model of the recordings, with further files as JSON. It is released with the test. */
export async function referenceModel(
  task: ModelTask,
  { model: name, tokenizer, with: more }: ReferenceModel,
  files: Record<string, object> = {},
) {
  const folder = await temporaryFolder();
  for (const part of [join('tokenizers', tokenizer), join('models', name), ...(more ? [join('models', more)] : [])]) {
    await cp(join(referenceFolder, part), folder, { recursive: true });
  }
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), JSON.stringify(content));
  }
  const model = await runtime.load(loadRequest(task, folder));
  onTestFinished(() => model.dispose());
  const metadata: (RowMetadata | undefined)[] = [];
  const annotate = (at: number, told: RowMetadata): void => void (metadata[at] = told);
  const tokens: number[] = [];
  const countTokens = (at: number, count: number): void => void (tokens[at] = count);
  const { signal } = new AbortController();
  const run = (inputs: readonly JsonValue[], parameters: Record<string, JsonValue> = {}) => {
    metadata.length = 0;
    return model.run(inputs, { parameters, folder, addFile: () => undefined, annotate, countTokens, signal });
  };
  return { run, metadata, tokens };
}

/** How far a number may be from Python's, in digits as `closeTo` counts them: 1e-5. */
const digits = -Math.log10(2e-5);

/** The same value with every number that is no whole one as one that is close to it. */
export function closeTo(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : expect.closeTo(value, digits);
  if (Array.isArray(value)) return value.map(closeTo);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closeTo(inner)]));
}

/** Places in a text that Python counted in code points, as JavaScript counts them. */
export function unitsOf(text: string): (codePoint: number) => number {
  const units = [0];
  for (const character of text) units.push((units.at(-1) ?? 0) + character.length);
  return (codePoint) => units[codePoint] ?? text.length;
}
