import { ModelJobError, type CommandOptions } from '../../planner/index.js';
import type { AdmittedCommand } from '../policy/admit-command.js';
import { readSecret, type Secret, type SecretSources } from '../policy/secrets.js';

/**
 * The secrets that a request's command refers to, by name.
 *
 * @throws ModelJobError `PermissionDenied` for one that the policy does not allow the command
 */
export async function secretsOf(
  { env, stdin }: CommandOptions,
  { command, rules }: { command: string; rules: AdmittedCommand['rules'] },
  sources: SecretSources,
): Promise<Map<string, Secret>> {
  const named = Object.entries(env ?? {}).flatMap(([variable, value]) =>
    typeof value === 'string' ? [] : [{ name: value.secret, field: `env.${variable}` }],
  );
  if (typeof stdin === 'object' && stdin && 'secret' in stdin) named.push({ name: stdin.secret, field: 'stdin' });
  const secrets = new Map<string, Secret>();
  for (const { name, field } of named) {
    if (!rules?.rules.secrets?.includes(name)) throw refused(name, field, command, rules);
    secrets.set(name, secrets.get(name) ?? (await readSecret(name, sources)));
  }
  return secrets;
}

function refused(name: string, field: string, command: string, rules: AdmittedCommand['rules']): ModelJobError {
  const known = rules?.rules.secrets?.join(', ') || 'none';
  const place = rules ? `${rules.place}.secrets` : 'MODEL_JOBS_COMMANDS names no secrets, MODEL_JOBS_POLICY may';
  return new ModelJobError(
    'PermissionDenied',
    `options.command.${field} must not be the secret ${name}: this worker's policy for \`${command}\` (${place}) ` +
      `allows ${known}`,
    { details: { rules: rules ? [place] : [] } },
  );
}
