import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runtime } from '../../engine/runtimes/onnx/runtime.js';
import type { JsonValue, ModelTask } from '../../planner/index.js';
import { differenceOf, type Plain } from './difference.js';

/** What Python answered to the inputs of one model: written by the scripts of `test/fixtures/references/tasks`. */
export interface TaskReference {
  task: Exclude<ModelTask, object>;
  /** The folder of its files, below `models`. */
  model: string;
  packages: Record<string, string>;
  cases: { input: JsonValue; parameters: Record<string, JsonValue>; output: Plain }[];
}

/** Reads a reference's file. */
export async function readReference(file: string): Promise<TaskReference> {
  return JSON.parse(await readFile(file, 'utf8')) as TaskReference;
}

/**
 * How far the answers of the `onnx` runtime are from those of a reference, case by case.
 *
 * @param folder of the references, with their models in `models`
 * @param media folder of its pictures and recordings
 */
export async function measureReference(reference: TaskReference, folder: string, media: string): Promise<number[]> {
  const files = join(folder, 'models', reference.model);
  const { signal } = new AbortController();
  const model = await runtime.load({
    spec: {
      name: reference.model,
      task: reference.task,
      source: { kind: 'local_path', path: files },
      files: [],
      metadata: {},
      repo_id: '',
      revision: '',
    },
    backend: 'onnx',
    bundle: { root: files, filesDirectory: files, digest: 'reference' },
    options: {},
    threads: 1,
    settings: { roots: [files], commands: [], programs: {} },
    signal,
    log: () => undefined,
  });
  try {
    const differences: number[] = [];
    for (const { input, parameters, output } of reference.cases) {
      const options = { parameters, folder: files, addFile: () => undefined, signal };
      const [found] = await model.run([withMedia(input, media)], options);
      differences.push(found instanceof Error ? Infinity : await differenceOf(plain(found), output));
    }
    return differences;
  } finally {
    await model.dispose();
  }
}

/** Pictures and recordings are named by their place in the folder of references. */
function withMedia(input: JsonValue, media: string): JsonValue {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const isMedia = (name: string): boolean => name === 'image' || name === 'audio';
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      isMedia(name) && typeof value === 'string' ? join(media, value) : value,
    ]),
  );
}

function plain(output: unknown): Plain {
  return output instanceof Float32Array ? Array.from(output) : (JSON.parse(JSON.stringify(output)) as Plain);
}
