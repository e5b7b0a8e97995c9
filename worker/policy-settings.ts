import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readPolicy } from '../engine/policy/read-policy.js';
import type { CommandPolicy } from '../engine/policy/schema.js';
import { ModelJobError } from '../planner/index.js';

const variable = 'MODEL_JOBS_POLICY';

/**
 * Reads the policy that the operator named, so that a worker with a bad one does not start.
 *
 * @param path undefined where no policy is set: no command is allowed by one
 * @throws ModelJobError `InvalidArgument` that names the file, the lines and the fields
 */
export function readPolicySettings(path: string | undefined): CommandPolicy {
  if (path === undefined) return { commands: [], secrets: {} };
  const file = resolve(path);
  try {
    return readPolicy(readFileSync(file, 'utf8'), file);
  } catch (error) {
    const reason = error instanceof ModelJobError ? error.detail : `\`${file}\` can't be read: ${String(error)}`;
    throw new ModelJobError('InvalidArgument', `${variable}: ${reason}`, { cause: error });
  }
}

/** Files that no request may open: the policy, and those of its secrets. */
export function policyFiles({ secrets }: CommandPolicy, path: string | undefined): string[] {
  const files = Object.values(secrets).flatMap((source) => ('file' in source ? [source.file] : []));
  return [...(path === undefined ? [] : [resolve(path)]), ...files];
}
