import { ModelJobError, type CommandOptions } from '../../planner/index.js';
import type { AdmittedCommand } from '../policy/admit-command.js';
import type { Secret } from '../policy/secrets.js';
import type { JobFolder } from './job-folder.js';

/** Who runs, and what for. */
export interface Circumstances {
  jobId: string;
  /** 1 for the first. */
  attempt: number;
  folder: JobFolder;
  /** Folder of the model's files. */
  bundle: string | undefined;
}

/** The variables that tell a program what it is run for. */
export function jobVariables({ jobId, attempt, folder, bundle }: Circumstances): Record<string, string> {
  return {
    MODEL_JOB_ID: jobId,
    MODEL_JOB_ATTEMPT: String(attempt),
    MODEL_JOB_REQUEST: folder.request,
    MODEL_JOB_CHECKPOINT: folder.checkpoint,
    ...(bundle === undefined ? {} : { MODEL_JOB_BUNDLE: bundle }),
  };
}

/**
 * The variables that a request sets.
 *
 * @throws ModelJobError `PermissionDenied` for one that the policy does not allow
 */
export function requestedVariables(
  env: NonNullable<CommandOptions['env']>,
  { command, rules }: { command: string; rules: AdmittedCommand['rules'] },
  secrets: ReadonlyMap<string, Secret>,
): Record<string, string> {
  for (const [name, value] of Object.entries(env)) {
    const field = `options.command.env.${name}`;
    if (typeof value === 'string' && value.includes('\0'))
      throw new ModelJobError('InvalidArgument', `${field} must not hold a NUL byte`);
    if (rules?.rules.env?.includes(name)) continue;
    const place = rules ? `${rules.place}.env` : 'MODEL_JOBS_COMMANDS names no variables, MODEL_JOBS_POLICY may';
    const known = rules?.rules.env?.join(', ') || 'none';
    throw new ModelJobError(
      'PermissionDenied',
      `${field} must not be set: this worker's policy for \`${command}\` (${place}) allows ${known}`,
      { details: { rules: rules ? [place] : [] } },
    );
  }
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (secrets.get(value.secret)?.value ?? ''),
    ]),
  );
}
