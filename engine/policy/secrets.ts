import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ModelJobError } from '../../planner/index.js';

/** The shortest secret, in characters: a shorter one can't be told from other text. */
const minLength = 6;

export const nameSchema = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, { error: 'expected a name of letters, digits and underscores' });

/** Where a secret is: in a file, or in a variable of the worker's. */
export const secretSourceSchema = z.union([
  z.strictObject({ file: z.string().startsWith('/', { error: 'expected an absolute path' }) }),
  z.strictObject({ env: nameSchema }),
]);

/** The secrets of a worker, by the names that requests use. */
export type SecretSources = Readonly<Record<string, z.output<typeof secretSourceSchema>>>;

/** A secret, and the name that stands for it wherever people read. */
export interface Secret {
  name: string;
  value: string;
}

/**
 * Reads a secret where the operator keeps it, each time: it may be changed meanwhile. The line feed at the end of a file
 * is none of it.
 *
 * @throws ModelJobError `MissingDependency` that names the secret and its place, and shows nothing of it
 */
export async function readSecret(name: string, sources: SecretSources): Promise<Secret> {
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  const place = source && ('file' in source ? `the file ${source.file}` : `the variable ${source.env}`);
  const value = source && ('file' in source ? await textOf(source.file) : process.env[source.env]);
  if (value !== undefined && value.length >= minLength) return { name, value };
  const problem = value === undefined ? 'is not there' : `has fewer than ${minLength} characters`;
  throw new ModelJobError('MissingDependency', `the secret ${name} of this worker (${place ?? 'nowhere'}) ${problem}`);
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').then(
    (text) => text.replace(/\r?\n$/, ''),
    () => undefined,
  );
}
