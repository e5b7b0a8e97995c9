import { runProcess } from '../../system/processes/run-process.js';
import type { FoundExecutable, Miss, Search } from './search.js';

const timeoutMs = 15_000;

/**
 * Whether a file is a Temporal CLI that works on this machine: `--version` must run and name Temporal.
 *
 * @throws ModelJobError `Cancelled`
 */
export async function checkExecutable(path: string, { env, signal }: Search): Promise<FoundExecutable | Miss> {
  const result = await runProcess(path, ['--version'], { env, timeoutMs, signal });
  if (!result.ok) return { reason: `${path} does not work: ${result.reason}` };
  const version = result.output.trim();
  if (!/^temporal version /m.test(version)) {
    return { reason: `${path} is not the Temporal CLI: --version printed ${JSON.stringify(version.slice(0, 80))}` };
  }
  return { path, version };
}
