import { runCommand as run } from '../engine/commands/run-command.js';
import type { CommandFacts, ModelAccessJobRequest } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/**
 * Runs the request's command as its options say.
 *
 * @throws ModelJobError `PermissionDenied` for a command that is not allowed, `Failed` for one that can't be started,
 *   takes too long or ends with another status than 0
 */
export function runCommand(
  { home, config, paths, slots, useBundle }: ActivityDeps,
  request: ModelAccessJobRequest,
  work: ActivityWork,
): Promise<CommandFacts> {
  const { commands, secrets = {}, runtime } = config;
  return run({ home, commands, secrets, slots, paths, useBundle, cores: runtime.cores }, request, work);
}
