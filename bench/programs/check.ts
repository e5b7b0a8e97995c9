import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelJobsClient } from '../../client/job-client.js';
import type { JsonValue } from '../../planner/index.js';
import { checkout } from '../real-model.js';

/** A job as a caller writes it. */
type Job = Parameters<ModelJobsClient['execute']>[0];
type Spec = Job['spec'];
type Input = NonNullable<Job['inputs']>[number];

/** A real program with a model, and what is asked of it. */
export interface RealProgram {
  /** Name and version of the program, and where its model is from. */
  program: string;
  /** The worker's setting for it. */
  env: Record<string, string>;
  request: Pick<Job, 'backend' | 'spec' | 'inputs'>;
  /** What is wrong with the outputs; undefined where they are right. */
  judge: (outputs: readonly JsonValue[]) => string | undefined;
}

/** Installs a program and writes its model's files to a folder; or says why that can't be. */
export type ProgramCheck = (folder: string) => Promise<RealProgram | string>;

/** The path of a recording or an image of the references. */
export function sample(path: string): string {
  return join(checkout, 'test/fixtures/references', path);
}

/** The spec of a model with all files of a folder. */
export async function specOf(name: string, task: Spec['task'], folder: string): Promise<Spec> {
  const files = await readdir(folder);
  return { name, task, source: { kind: 'local_path', path: folder }, files: files.map((required) => ({ required })) };
}

/** An input that is JSON. */
export function given(value: JsonValue): Input {
  return { kind: 'json', value };
}

/** A word of a template, whatever the path holds. */
export function quoted(path: string): string {
  return `'${path}'`;
}
