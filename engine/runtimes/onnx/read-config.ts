import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { ModelJobError, parseWith } from '../../../planner/index.js';

/**
 * Reads a JSON file of a bundle.
 *
 * @returns undefined where there is none
 * @throws ModelJobError `Failed` for one that is not as it should be
 */
export async function readConfig<T extends z.ZodType>(
  folder: string,
  name: string,
  schema: T,
): Promise<z.output<T> | undefined> {
  const text = await readFile(join(folder, name), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return parseWith(schema, JSON.parse(text), name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelJobError('Failed', reason.includes(name) ? reason : `${name} is not JSON: ${reason}`, {
      cause: error,
      retryable: false,
    });
  }
}
