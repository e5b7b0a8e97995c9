import { resolve } from 'node:path';

/** Variables that name files with secrets: of the hub, of this product, of Temporal and of S3. */
const variables = [
  ...['HF_TOKEN_PATH', 'MODEL_JOBS_SIGNING_KEY', 'TEMPORAL_CONFIG_FILE', 'TEMPORAL_TLS_CLIENT_KEY_PATH'],
  ...['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
];

/**
 * The files with secrets that the worker's environment names, and the token that `hf auth login` stored.
 *
 * @param tokenFile where the hub's token is looked for
 */
export function secretFilesOf(env: NodeJS.ProcessEnv, tokenFile: string): string[] {
  const named = variables.flatMap((name) => env[name] || []);
  return [...new Set([tokenFile, ...named].map((path) => resolve(path)))];
}
