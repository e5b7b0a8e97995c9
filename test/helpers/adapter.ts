import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { JsonText } from '../../engine/models/contract/json-text.js';
import type {
  LoadRequest,
  LocalBundle,
  ModelOutput,
  OutputFile,
  RunOptions,
  RuntimeSettings,
} from '../../engine/models/contract/model-runtime.js';
import { ModelJobError, type ModelSpec } from '../../planner/index.js';

/** A request to load a model, and the lines that its runtime logs. */
export function loadRequest(
  overrides: Partial<Omit<LoadRequest, 'spec' | 'settings'>> & {
    spec?: Partial<ModelSpec>;
    settings?: Partial<RuntimeSettings>;
  } = {},
): { request: LoadRequest; lines: string[] } {
  const lines: string[] = [];
  const spec: ModelSpec = {
    name: 'model',
    task: { custom: 'anything' },
    source: { kind: 'local_path', path: '/nowhere' },
    files: [],
    metadata: {},
    repo_id: '',
    revision: '',
    ...overrides.spec,
  };
  const request: LoadRequest = {
    backend: 'external',
    bundle: undefined,
    options: {},
    threads: 1,
    signal: new AbortController().signal,
    log: (line) => void lines.push(line),
    ...overrides,
    spec,
    settings: { roots: [], commands: [], programs: {}, ...overrides.settings },
  };
  return { request, lines };
}

/** Options of a run whose files go to `folder/run`, and the files that it adds. */
export async function runOptions(
  folder: string,
  overrides: Partial<RunOptions> = {},
): Promise<{ options: RunOptions; files: OutputFile[] }> {
  const files: OutputFile[] = [];
  const run = join(folder, 'run');
  await mkdir(run, { recursive: true });
  const options: RunOptions = {
    parameters: {},
    folder: run,
    addFile: (file) => void files.push(file),
    signal: new AbortController().signal,
    ...overrides,
  };
  return { options, files };
}

/** A bundle of these files in `folder/files`. */
export function bundleIn(folder: string): LocalBundle {
  return { root: folder, filesDirectory: join(folder, 'files'), digest: '0'.repeat(64) };
}

/** The error that a promise is rejected with. */
export async function errorOf(working: Promise<unknown>): Promise<ModelJobError> {
  const error: unknown = await working.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelJobError);
  return error as ModelJobError;
}

/** Whether a process lives: one that has ended but that nobody has asked about yet does not. */
export function lives(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return !state.trim().startsWith('Z');
  } catch {
    return false;
  }
}

/** Outputs as what they say, however they are written. */
export function valuesOf(outputs: readonly ModelOutput[]): ModelOutput[] {
  return outputs.map((output) => (output instanceof JsonText ? output.value : output));
}
