import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ModelJobError } from '../../planner/index.js';
import type { CliIo } from './io.js';

/**
 * Reads JSON from a file, or from stdin for `-`.
 *
 * @param what the JSON is, for messages
 * @throws ModelJobError `NotFound`, `Io`, or `InvalidArgument` for text that is not JSON
 */
export async function readJson(io: CliIo, file: string, what: string): Promise<unknown> {
  const json = file === '-' ? await text(io.stdin) : await readText(file, what);
  const source = file === '-' ? 'stdin' : `\`${file}\``;
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelJobError('InvalidArgument', `${what} from ${source} is not JSON: ${reason}`, { cause });
  }
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new ModelJobError('NotFound', `${what} file \`${file}\` does not exist`, { cause });
    throw new ModelJobError('InvalidArgument', `${what} file \`${file}\` can't be read: ${message}`, { cause });
  }
}
